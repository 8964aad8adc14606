package dev.holdfast.api;

/** A request that cannot be answered as it is: told as {@code application/problem+json}. */
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
