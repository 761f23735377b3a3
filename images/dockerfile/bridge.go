package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// bridge calls BuildKit's LLBBridge: gRPC over HTTP/2, on one connection.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
type bridge struct{ client *http.Client }

// dial returns the bridge at the other end of standard input and output.
func dial() *bridge {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &bridge{&http.Client{Transport: &http.Transport{
		Protocols:          protocols,
		DisableCompression: true,
		DialContext:        func(context.Context, string, string) (net.Conn, error) { return stdio{}, nil },
	}}}
}

// callError is what BuildKit says of a call that failed.
type callError struct {
	status  []byte // a google.rpc.Status, with its details if there are any
	message string
}

func (e *callError) Error() string { return e.message }

// call sends one message and returns the answer's.
func (b *bridge) call(method string, message []byte) ([]byte, error) {
	framed := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	address := "http://buildkit/moby.buildkit.v1.frontend.LLBBridge/" + method
	request, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(append(framed, message...)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("TE", "trailers")
	answer, err := b.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	if err := failure(method, answer); err != nil {
		return nil, err
	}
	if len(body) < 5 || body[0] != 0 || int(binary.BigEndian.Uint32(body[1:])) != len(body)-5 {
		return nil, fmt.Errorf("%s: an answer of %d bytes is not one plain message", method, len(body))
	}
	return body[5:], nil
}

// failure reads the end of an answer, which says how the call went.
func failure(method string, answer *http.Response) error {
	say := func(name string) string { return answer.Trailer.Get(name) + answer.Header.Get(name) }
	code, err := strconv.ParseUint(say("Grpc-Status"), 10, 32)
	if err != nil {
		return fmt.Errorf("%s: the answer, HTTP %s, has no gRPC status", method, answer.Status)
	}
	if code == 0 {
		return nil
	}
	message := say("Grpc-Message")
	if plain, err := url.PathUnescape(message); err == nil {
		message = plain
	}
	details := strings.TrimRight(say("Grpc-Status-Details-Bin"), "=")
	status, err := base64.RawStdEncoding.DecodeString(details)
	if err != nil || len(status) == 0 {
		status = appendBytes(appendNumber(nil, 1, code), 2, []byte(message))
	}
	return &callError{status, message}
}

// stdio is the connection on which BuildKit has started this program.
type stdio struct{}

func (stdio) Read(p []byte) (int, error)       { return os.Stdin.Read(p) }
func (stdio) Write(p []byte) (int, error)      { return os.Stdout.Write(p) }
func (stdio) Close() error                     { return os.Stdin.Close() }
func (stdio) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (stdio) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (stdio) SetDeadline(time.Time) error      { return nil }
func (stdio) SetReadDeadline(time.Time) error  { return nil }
func (stdio) SetWriteDeadline(time.Time) error { return nil }
