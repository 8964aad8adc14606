package dev.holdfast.aws;

/** The credentials belong to another account than the stack, so that their reads say nothing about the stack. */
public final class WrongAccountException extends RuntimeException {
    private final String expected;
    private final String found;

    /**
     * @param expected the stack's account, 12 digits
     * @param found the account that the credentials belong to
     */
    public WrongAccountException(String expected, String found) {
        super("the credentials belong to account " + found + ", but the stack belongs to account " + expected);
        this.expected = expected;
        this.found = found;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
