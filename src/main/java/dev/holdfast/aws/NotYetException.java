package dev.holdfast.aws;

/** A call was not sent, because AWS would accept it now with an unwanted effect. It is sent once the reason is over. */
public final class NotYetException extends RuntimeException {
    /** @param reason the reason, with the condition that ends it */
    public NotYetException(String reason) {
        super(reason);
    }
}
