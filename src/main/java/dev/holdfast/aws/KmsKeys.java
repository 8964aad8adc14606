package dev.holdfast.aws;

import java.util.regex.Pattern;

/** The names of a KMS key: its ARN, its id, its aliases and their ARNs. */
public final class KmsKeys {
    /** @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id">key identifiers</a> */
    private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:\\d{12}:key/\\S+");

    /** The hint for a value that should be the ARN of a key and is not. */
    public static final String HINT =
            "set the ARN, which aws kms describe-key --key-id … --query KeyMetadata.Arn prints";

    private KmsKeys() {}

    /** Whether the text is the ARN of a key. An id or an alias is not: an alias can be moved to another key. */
    public static boolean isArn(String key) {
        return ARN.matcher(key).matches();
    }
}
