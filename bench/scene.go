package main

import (
	"bufio"
	"errors"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
)

// scene writes a photo of 12 MP as a phone takes it at night: soft surfaces, edges, and the grain of a small sensor, which is most of its bytes.
func scene(file string) error {
	random := rand.New(rand.NewPCG(12, 12)) //nolint:gosec // the same picture in each run
	picture := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for y := range 3000 {
		for x := range 4000 {
			light := 90 + 60*math.Sin(float64(x)/610)*math.Cos(float64(y)/430)
			if (x/400+y/300)%2 == 0 {
				light += 25
			}
			picture.Y[picture.YOffset(x, y)] = uint8(light + float64(random.IntN(15)))
		}
	}
	for i := range picture.Cb {
		picture.Cb[i], picture.Cr[i] = uint8(120+random.IntN(6)), uint8(130+random.IntN(6))
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	packed := bufio.NewWriter(out)
	return errors.Join(jpeg.Encode(packed, picture, &jpeg.Options{Quality: 90}), packed.Flush(), out.Close())
}
