package dev.holdfast.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The author of a change in AWS, according to CloudTrail's record of the call. The record contains ids and names, but
 * no parameter of the call.
 *
 * @param who the name of the session, the source identity, the IAM user, the federated user or the AWS service
 * @param type the type of the identity
 * @param role the name of the role that the person assumed; null: none
 * @param through the tool, for example {@code the AWS console}, {@code Terraform}, {@code aws-cli}; null: unknown
 * @param from the source address, or the service that made the call for the person; null: it must not be shown
 * @param at the time of the call, by AWS's clock
 * @param event the call: {@code ec2:AuthorizeSecurityGroupIngress}
 * @param eventId CloudTrail's id of the record
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html">userIdentity</a>
 */
public record ChangeAuthor(
        String who,
        IdentityType type,
        @Nullable String role,
        @Nullable String through,
        @Nullable String from,
        Instant at,
        String event,
        String eventId) {
    /** Rejects a stored author that lacks one of these members, so that the read of the state fails here. */
    public ChangeAuthor {
        Objects.requireNonNull(who, "who is missing");
        Objects.requireNonNull(type, "type is missing");
        Objects.requireNonNull(at, "at is missing");
        Objects.requireNonNull(event, "event is missing");
        Objects.requireNonNull(eventId, "eventId is missing");
    }

    /** The type of an identity, in our words. */
    public enum IdentityType {
        Root,
        IamUser,
        AssumedRole,
        Federated,
        AwsAccount,
        AwsService,
        /** A type that this version does not know. */
        Other
    }

    /** {@code alice (role admin) through aws-cli from 203.0.113.7} */
    public String inWords() {
        String kind = switch (type) {
            case Root -> " (root user)";
            case IamUser -> " (IAM user)";
            case AssumedRole -> role == null ? " (assumed role)" : " (role " + role + ")";
            case Federated -> " (federated user)";
            case AwsAccount -> " (another account)";
            case AwsService -> " (AWS service)";
            case Other -> "";
        };
        return who + kind + (through == null ? "" : " through " + through) + (from == null ? "" : " from " + from);
    }
}
