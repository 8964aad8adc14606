package dev.holdfast.api;

/** A request that cannot be answered. The client receives it as {@code application/problem+json}. */
final class ApiException extends RuntimeException {
    private final int status;

    ApiException(int status, String detail) {
        super(detail);
        this.status = status;
    }

    int status() {
        return status;
    }
}
