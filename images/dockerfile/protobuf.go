package main

import "encoding/binary"

// Kinds of fields, https://protobuf.dev/programming-guides/encoding/
const (
	varint = 0
	length = 2
)

// field is one field of a message; content is that of one with a length.
type field struct {
	number  uint64
	content []byte
}

// fields returns a message's fields that have a length, which all that are read here have.
func fields(message []byte) []field {
	var found []field
	for len(message) > 0 {
		key, size := binary.Uvarint(message)
		if size <= 0 {
			return found
		}
		message = message[size:]
		value, size := binary.Uvarint(message)
		if size <= 0 {
			return found
		}
		message = message[size:]
		switch {
		case key&7 == varint:
		case key&7 == length && value <= uint64(len(message)):
			found = append(found, field{key >> 3, message[:value]})
			message = message[value:]
		default:
			return found
		}
	}
	return found
}

func appendNumber(message []byte, number, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(message, number<<3|varint), value)
}

func appendTrue(message []byte, number uint64) []byte { return appendNumber(message, number, 1) }

func appendBytes(message []byte, number uint64, content []byte) []byte {
	message = binary.AppendUvarint(message, number<<3|length)
	return append(binary.AppendUvarint(message, uint64(len(content))), content...)
}
