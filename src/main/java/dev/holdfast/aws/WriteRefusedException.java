package dev.holdfast.aws;

/** A write was not sent, because the right to write is lost or about to end. Nothing has left this process. */
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
