package dev.holdfast.aws;

/** A call was not sent, because AWS would take it and do with it what nobody wants: it is sent once the reason is over. */
public final class NotYetException extends RuntimeException {
    /** @param reason why, in words that say when it is over */
    public NotYetException(String reason) {
        super(reason);
    }
}
