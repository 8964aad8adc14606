package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Required;
import dev.holdfast.model.Lifecycle.Adopt;
import dev.holdfast.model.Lifecycle.OnDelete;
import dev.holdfast.model.Lifecycle.OnReplace;
import dev.holdfast.model.StackSettings.Mode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The documents' envelopes as records, so that they are checked and described in the same way as specs. */
final class Documents {
    static final String API_VERSION = "holdfast.dev/v1";
    static final String STACK = "Stack";

    private Documents() {}

    /** The document of a resource. */
    record ResourceDocument(
            @Doc("A JSON Schema for editors. Holdfast does not read it.") @Nullable
            String $schema,

            @Doc("The version of the document format, always holdfast.dev/v1.") @Required @Nullable
            ApiVersion apiVersion,

            @Doc("The kind of the resource.") @Required @Nullable
            String kind,

            @Doc("The name of the resource and its dependencies.") @Required @Nullable
            ResourceMetadata metadata,

            @Doc("What Holdfast may do with the resource beyond keeping its fields as desired.") @Nullable
            LifecycleRules lifecycle,

            @Doc("The fields of the resource, named as in AWS's API, in camelCase. A field that is left out is"
                    + " not owned.")
            @Required
            @Nullable
            JsonNode spec) {}

    enum ApiVersion {
        @com.fasterxml.jackson.annotation.JsonProperty(API_VERSION)
        V1
    }

    record ResourceMetadata(
            @Doc("The resource's name, unique for its kind within the stack.")
            @Required
            @HasFormat(TextFormat.RESOURCE_NAME)
            @Nullable
            String name,

            @Doc("Resources, as Kind/name, that must be settled before this one begins. References order the"
                    + " resources without an entry here.")
            @Nullable
            Set<String> dependsOn,

            @Doc("The resource's region, if it differs from the stack's.") @HasFormat(TextFormat.REGION) @Nullable
            String region,

            @Doc("Labels for people. They are kept with the resource and not sent to AWS.") @Nullable
            Map<String, String> labels) {}

    record LifecycleRules(
            @Doc("What happens when the resource is no longer desired. The default is Retain for stateful kinds"
                    + " and Delete for the others.")
            @Nullable
            OnDelete onDelete,

            @Doc("Whether a change of an immutable field may replace the resource. The default is Approve for"
                    + " stateful kinds and for replacements that delete first, and Allow for the others.")
            @Nullable
            OnReplace onReplace,

            @Doc("Whether Holdfast may take over an object that nobody owns. The default is Never.") @Nullable
            Adopt adopt,

            @Doc("The id in AWS of the object to adopt, if the name does not identify it.") @Nullable
            String id,

            @Doc("JSON pointers into spec that are not compared.") @Nullable
            Set<String> ignore,

            @Doc("Whether the resource is left alone for now. Differences are still reported.") @Nullable
            Boolean paused,

            @Doc("Your confirmation that CloudFormation gives up the object that it has tagged.") @Nullable
            Boolean handover) {}

    /** The document of a stack. */
    record StackDocument(
            @Doc("A JSON Schema for editors. Holdfast does not read it.") @Nullable
            String $schema,

            @Doc("The version of the document format, always holdfast.dev/v1.") @Required @Nullable
            ApiVersion apiVersion,

            @Doc("Always Stack.") @Required @Nullable String kind,

            @Doc("The name of the stack.") @Required @Nullable
            StackMetadata metadata,

            @Doc("The stack's settings.") @Required @Nullable
            StackSpec spec) {}

    record StackMetadata(
            @Doc("The stack's name, unique within the installation.")
            @Required
            @HasFormat(TextFormat.STACK_NAME)
            @Nullable
            String name) {}

    record StackSpec(
            @Doc("The AWS account. It is checked before the first read.")
            @Required
            @HasFormat(TextFormat.ACCOUNT)
            @Nullable
            String account,

            @Doc("The AWS region of all resources that do not name another.")
            @Required
            @HasFormat(TextFormat.REGION)
            @Nullable
            String region,

            @Doc("The role to assume for this stack; absent: the operator's own credentials.")
            @HasFormat(TextFormat.ROLE)
            @Nullable
            String roleArn,

            @Doc("Values for ${params.x} in this stack's documents.") @Nullable
            Map<String, JsonNode> params,

            @Doc("Tags for every resource that takes tags.") @Nullable
            Map<String, String> tags,

            @Doc("The files with this stack's documents: globs, relative to this file, within the desired state.")
            @Required
            @Nullable
            List<String> include,

            @Doc("The files with this stack's patches: globs, relative to this file, within the desired state.")
            @Nullable
            List<String> patches,

            @Doc("Enforce converges differences, Observe only reports them. The default is Enforce.") @Nullable
            Mode mode,

            @Doc("The time between two passes, in ISO 8601. The default is PT1M.")
            @HasFormat(TextFormat.DURATION)
            @Nullable
            String interval,

            @Doc("Whether owned resources that are no longer desired are deleted. The default is true.") @Nullable
            Boolean prune,

            @Doc("The maximum number of steps of each kind in one plan. If there are more, all of them wait for"
                    + " approval.")
            @Nullable
            LimitRules limits,

            @Doc("Whether an observed environment value that differs may be shown. The default is false.") @Nullable
            Boolean showEnvironment) {}

    /** The settings of a stack that a revision contains: params, includes and patches are already applied. */
    record RevisionSpec(
            @Doc("As in a stack.") @Required @HasFormat(TextFormat.ACCOUNT) @Nullable
            String account,

            @Doc("As in a stack.") @Required @HasFormat(TextFormat.REGION) @Nullable
            String region,

            @Doc("As in a stack.") @HasFormat(TextFormat.ROLE) @Nullable
            String roleArn,

            @Doc("As in a stack.") @Nullable Map<String, String> tags,
            @Doc("As in a stack.") @Nullable Mode mode,

            @Doc("As in a stack.") @HasFormat(TextFormat.DURATION) @Nullable
            String interval,

            @Doc("As in a stack.") @Nullable Boolean prune,
            @Doc("As in a stack.") @Nullable LimitRules limits,
            @Doc("As in a stack.") @Nullable Boolean showEnvironment) {}

    record LimitRules(
            @Doc("The maximum number of deletions. Default: 3.") @Nullable
            Integer maxDeletes,

            @Doc("The maximum number of replacements. Default: 1.") @Nullable
            Integer maxReplaces,

            @Doc("The maximum number of updates. Default: 50.") @Nullable
            Integer maxUpdates,

            @Doc("The maximum number of rollouts. Default: 10.") @Nullable
            Integer maxRollouts) {}
}
