package dev.holdfast.aws;

/** The credentials belong to another account than the stack's: nothing that they read is about the stack. */
public final class WrongAccountException extends RuntimeException {
    private final String expected;
    private final String found;

    /**
     * @param expected the stack's account, 12 digits
     * @param found the account that the credentials belong to
     */
    public WrongAccountException(String expected, String found) {
        super("the credentials are of account " + found + ", the stack is of account " + expected);
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
