// A frontend for BuildKit that leaves the work to the one inside BuildKit itself.
//
// BuildKit starts it as a container, speaks gRPC with it over its standard input and output, and waits for Return:
// https://github.com/moby/buildkit/blob/v0.25.2/frontend/gateway/pb/gateway.proto
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Numbers of fields in gateway.proto.
const (
	inputsDefinitions   = 1
	solveFrontend       = 2
	solveOption         = 3
	solveReturnsResult  = 5
	solveReturnsRefs    = 6
	solveFrontendInputs = 13
	solvedResult        = 3
	returnResult        = 1
	returnError         = 2
)

func main() {
	if len(os.Args) > 1 && strings.TrimLeft(os.Args[1], "-") == "version" {
		fmt.Println("dockerfile-frontend: the one of the BuildKit that runs it")
		return
	}
	if err := forward(dial()); err != nil {
		fmt.Fprintln(os.Stderr, "dockerfile-frontend:", err)
		os.Exit(1)
	}
}

// forward has BuildKit's built-in frontend do the build, and returns its result, or its error.
func forward(bridge *bridge) error {
	inputs, err := bridge.call("Inputs", nil)
	if err != nil {
		return err
	}
	solved, err := bridge.call("Solve", request(inputs))
	var result []byte
	if failed, ok := err.(*callError); ok {
		result = appendBytes(nil, returnError, failed.status)
	} else if err != nil {
		return err
	} else {
		for _, field := range fields(solved) {
			if field.number == solvedResult {
				result = appendBytes(nil, returnResult, field.content)
			}
		}
		if result == nil {
			return errors.New("Solve: the answer has no result")
		}
	}
	_, err = bridge.call("Return", result)
	return err
}

// request is the SolveRequest: all options and inputs as they came. Because the option `cmdline` is among them, the
// built-in frontend does not follow the Dockerfile's syntax line, which would lead here again.
func request(inputs []byte) []byte {
	message := appendBytes(nil, solveFrontend, []byte("dockerfile.v0"))
	for _, variable := range os.Environ() {
		name, option, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "BUILDKIT_FRONTEND_OPT_") {
			key, value, _ := strings.Cut(option, "=")
			entry := appendBytes(nil, 1, []byte(key))
			entry = appendBytes(entry, 2, []byte(value))
			message = appendBytes(message, solveOption, entry)
		}
	}
	message = appendTrue(message, solveReturnsResult)
	message = appendTrue(message, solveReturnsRefs)
	for _, field := range fields(inputs) {
		if field.number == inputsDefinitions {
			message = appendBytes(message, solveFrontendInputs, field.content)
		}
	}
	return message
}
