package dev.holdfast.aws;

/**
 * A write was refused before it was sent, because the lease is lost or about to expire. No byte of it left this
 * process.
 */
public final class WriteRefusedException extends RuntimeException {
    private final String operation;

    /** @param operation {@code ec2:CreateVpc} */
    public WriteRefusedException(String operation) {
        super(operation + " was not sent: the lease is lost or too near its end");
        this.operation = operation;
    }

    public String operation() {
        return operation;
    }
}
