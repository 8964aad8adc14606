package dev.holdfast.desired;

import java.util.regex.Pattern;

/** The formats of texts in a document's envelope. */
enum TextFormat {
    STACK_NAME(
            "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
            "a name of lower-case letters, digits and hyphens, 63 at most",
            "begin and end with a letter or digit"),
    RESOURCE_NAME(
            "^[A-Za-z0-9][A-Za-z0-9-]{0,62}$",
            "a name of letters, digits and hyphens, 63 at most",
            "begin with a letter or digit; use a hyphen between words"),
    RESOURCE_ID("^[A-Z][A-Za-z0-9]*/[A-Za-z0-9][A-Za-z0-9-]{0,62}$", "Kind/name", "as in SecurityGroup/alb"),
    POINTER("^(/([^~/]|~[01])*)+$", "a JSON pointer into spec", "as in /desiredCount"),
    ACCOUNT("^[0-9]{12}$", "an account of 12 digits", "as text, with its leading zeros"),
    REGION(
            "^(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-gov|-iso[a-z]?|-[a-z]{2})?"
                    + "-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]{1,2}$",
            "a region", "as in eu-west-2"),
    ROLE(
            "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$",
            "the ARN of an IAM role",
            "as in arn:aws:iam::123456789012:role/holdfast"),
    DURATION(
            "^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$",
            "a duration",
            "as in PT1M for one minute, PT1H for one hour");

    private final Pattern pattern;
    private final String expected;
    private final String hint;

    TextFormat(String regex, String expected, String hint) {
        this.pattern = Pattern.compile(regex);
        this.expected = expected;
        this.hint = hint;
    }

    boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    /** A regular expression that is anchored at both ends, in the syntax that Java and JSON Schema have in common. */
    String regex() {
        return pattern.pattern();
    }

    /** The expected value, for messages: {@code an account of 12 digits}. */
    String expected() {
        return expected;
    }

    String hint() {
        return hint;
    }
}
