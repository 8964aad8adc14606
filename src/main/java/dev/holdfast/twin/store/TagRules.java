package dev.holdfast.twin.store;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The rules by which a service refuses tags, with the errors of that service. */
public interface TagRules {
    int MOST = 50;

    /**
     * @param more the tags of the request
     * @param after all tags of the resource after the request
     */
    void check(Map<String, String> more, Map<String, String> after);

    /**
     * Accepts at most 50 tags and no key that only AWS may set.
     *
     * @param reserved the error for a key that is empty or begins with {@code aws:}
     */
    static TagRules of(Supplier<AwsServiceException> tooMany, Function<String, AwsServiceException> reserved) {
        return (more, after) -> {
            if (after.size() > MOST) {
                throw tooMany.get();
            }
            for (String key : more.keySet()) {
                if (key.isEmpty() || ReservedTags.refuses(key)) {
                    throw reserved.apply(key);
                }
            }
        };
    }
}
