package wire

import "tachiai/sync/ijson"

// Agency is what a phone puts into papers before anybody has typed (docs/form.md
// section 5: agency.name and agency.contact). The zero value says nothing.
type Agency struct {
	Name    string
	Contact string // where questions and withdrawals go; may be ""
}

// members is the member agency, or none.
func (a Agency) members() ijson.Members {
	if a.Name == "" {
		return nil
	}
	m := ijson.Members{ijson.M("name", a.Name)}
	if a.Contact != "" {
		m = append(m, ijson.M("contact", a.Contact))
	}
	return ijson.Members{ijson.M("agency", m)}
}

// readAgency reads the member agency, which may be absent.
func readAgency(o ijson.Obj) (a Agency) {
	if agency, ok := o.OptObj("agency"); ok {
		a.Name = agency.String("name")
		a.Contact, _ = agency.OptString("contact")
	}
	return a
}
