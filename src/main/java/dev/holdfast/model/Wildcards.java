package dev.holdfast.model;

/** Patterns in which {@code *} stands for any text and {@code ?} for any character. */
public final class Wildcards {
    private Wildcards() {}

    /**
     * Takes at most as many steps as the product of both lengths: the last star takes one more character whenever the rest does
     * not fit, and earlier stars need not be tried again.
     */
    public static boolean match(String pattern, String text) {
        int at = 0;
        int star = -1;
        int taken = 0;
        int n = 0;
        while (n < text.length()) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : '\0';
            if (wanted == '*') {
                star = at++;
                taken = n;
            } else if (at < pattern.length() && (wanted == '?' || wanted == text.charAt(n))) {
                at++;
                n++;
            } else if (star >= 0) {
                at = star + 1;
                n = ++taken;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
