package dev.holdfast.app;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of a command that works on a stack of an installation. */
final class StackAtLocation {
    @Parameters(paramLabel = "LOCATION", description = "A directory, or s3://bucket/prefix.")
    private String location = "";

    @Option(names = "--stack", required = true)
    private String stack = "";

    String location() {
        return location;
    }

    String stack() {
        return stack;
    }
}
