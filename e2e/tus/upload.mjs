// Uploads one file with the public tus-js-client and prints what happened as one JSON object on the last line.
//
//   node upload.mjs <job.json>
//
// The job: {"endpoint", "public_url", "jwk", "kid", "file", "record", "sha256", "chunk_size", "with_creation", "abort_after"}.
// `abort_after` (bytes, 0 = never) aborts the upload once that much was sent, then resumes it as the same browser tab would: from
// the stored URL, asking the server for the offset.
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { webcrypto } from 'node:crypto'
import { Upload } from 'tus-js-client'

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const key = await webcrypto.subtle.importKey('jwk', job.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])

const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
let nonce = (await fetch(job.endpoint, { method: 'OPTIONS' })).headers.get('device-nonce')

async function proof(method, url) {
  const core = `${text({ alg: 'ES256', kid: job.kid, typ: 'device-proof+jwt' })}.${text({
    htm: method,
    htu: job.public_url + new URL(url).pathname,
    nonce,
  })}`
  const signature = await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(core))
  return `${core}.${Buffer.from(signature).toString('base64url')}`
}

const told = { url: '', receipt: '', offset: 0, requests: [], resumed: false }
let aborted = false

function transfer(url) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(createReadStream(job.file, { start: 0 }), {
      endpoint: job.endpoint,
      uploadUrl: url || null,
      uploadSize: statSync(job.file).size,
      chunkSize: job.chunk_size,
      uploadDataDuringCreation: job.with_creation && !url,
      metadata: { record: job.record, sha256: job.sha256 },
      retryDelays: Array(40).fill(50),
      async onBeforeRequest(req) {
        req.setHeader('Device-Proof', await proof(req.getMethod(), req.getURL()))
      },
      onAfterResponse(req, res) {
        nonce = res.getHeader('device-nonce') ?? nonce
        told.receipt = res.getHeader('blob-receipt') ?? told.receipt
        told.requests.push(`${req.getMethod()} ${res.getStatus()}`)
      },
      onProgress(sent) {
        if (job.abort_after > 0 && sent >= job.abort_after && !aborted) {
          aborted = true
          upload.abort().then(() => resolve({ again: upload.url }), reject)
        }
      },
      onChunkComplete(_, accepted) {
        told.offset = accepted
      },
      onSuccess: () => resolve({ again: null, url: upload.url }),
      onError: reject,
    })
    upload.start()
  })
}

try {
  let end = await transfer(null)
  if (end.again) {
    told.resumed = true
    end = await transfer(end.again)
  }
  told.url = end.url
  console.log(JSON.stringify(told))
} catch (fault) {
  console.error(String(fault))
  console.log(JSON.stringify(told))
  process.exitCode = 1
}
