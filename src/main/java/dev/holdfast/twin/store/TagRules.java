package dev.holdfast.twin.store;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Which tags a service refuses, in its own words. */
public interface TagRules {
    int MOST = 50;

    /**
     * @param more the tags of the request
     * @param after all tags that the resource would have then
     */
    void check(Map<String, String> more, Map<String, String> after);

    /**
     * At most 50 tags, and no key that only AWS may set.
     *
     * @param reserved the refusal of a key that is empty or begins with {@code aws:}
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
