package dev.holdfast.app;

import dev.holdfast.rotation.FunctionRuntime;
import dev.holdfast.rotation.RotationHandler;
import dev.holdfast.rotation.TlsLogins;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

@Dependent
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = "Runs in a Lambda function: changes the passwords of database users for Secrets Manager.")
class RotateCommand implements Callable<Integer> {
    @Option(
            names = "--runtime-api",
            defaultValue = "${env:AWS_LAMBDA_RUNTIME_API}",
            description = "Host and port of Lambda's runtime API. Default: AWS_LAMBDA_RUNTIME_API, which Lambda sets")
    private @Nullable String api;

    @Option(
            names = "--ca",
            defaultValue = "${env:HOLDFAST_ROTATION_CA}",
            description = "File of the certificates, in PEM format, that verify the database's certificate. Default:"
                    + " HOLDFAST_ROTATION_CA; if absent, TLS with any certificate")
    private @Nullable Path authorities;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (api == null || api.isBlank()) {
            throw new CommandFailure(
                    "AWS_LAMBDA_RUNTIME_API is not set: this command runs in a Lambda function", ExitCodes.USAGE);
        }
        try (SecretsManagerClient secrets = SecretsManagerClient.create()) {
            FunctionRuntime runtime = new FunctionRuntime(
                    api,
                    new RotationHandler(secrets, new TlsLogins(authorities)),
                    spec.commandLine().getOut());
            // Lambda ends the process.
            while (!Thread.currentThread().isInterrupted()) {
                runtime.serveOne();
            }
        }
        return ExitCodes.FINE;
    }
}
