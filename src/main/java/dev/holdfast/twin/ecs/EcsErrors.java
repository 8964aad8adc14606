package dev.holdfast.twin.ecs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.store.ReservedTags;
import dev.holdfast.twin.store.TagRules;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/** The errors that most calls of Amazon ECS can return. */
final class EcsErrors {
    private EcsErrors() {}

    static AwsServiceException client(String message) {
        return named(ClientException.builder(), message);
    }

    static AwsServiceException invalid(String message) {
        return named(InvalidParameterException.builder(), message);
    }

    /** The rules for the tags of clusters, task definitions and services. */
    static void checkTags(Map<String, String> more, Map<String, String> after) {
        for (String key : more.keySet()) {
            if (key.isEmpty()) {
                throw invalid("Tag key must not be null or empty.");
            }
            if (ReservedTags.refuses(key.toLowerCase(Locale.ROOT))) {
                throw invalid("Tag keys starting with 'aws:' are reserved for system use.");
            }
        }
        if (more.size() > TagRules.MOST) {
            throw invalid("Too many tags: at most " + TagRules.MOST + " are allowed.");
        }
    }
}
