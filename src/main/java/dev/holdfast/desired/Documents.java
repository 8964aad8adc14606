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

/** The documents' envelopes as records, so that they are checked and described in the same way as specs. */
final class Documents {
    static final String API_VERSION = "holdfast.dev/v1";
    static final String STACK = "Stack";

    private Documents() {}

    /** The document of a resource. */
    record ResourceDocument(
            @Doc("A JSON Schema for editors. Holdfast does not read it.")
            String $schema,

            @Doc("The version of the document format, always holdfast.dev/v1.") @Required
            ApiVersion apiVersion,

            @Doc("The kind of the resource.") @Required String kind,

            @Doc("The name of the resource and its dependencies.") @Required
            ResourceMetadata metadata,

            @Doc("The actions that Holdfast may take on the resource in addition to updates of its fields.")
            LifecycleRules lifecycle,

            @Doc("The fields of the resource, named as in AWS's API, in camelCase. A field that is left out is"
                    + " not owned.")
            @Required
            JsonNode spec) {}

    enum ApiVersion {
        @com.fasterxml.jackson.annotation.JsonProperty(API_VERSION)
        V1
    }

    record ResourceMetadata(
            @Doc("The resource's name, unique for its kind within the stack.")
            @Required
            @HasFormat(TextFormat.RESOURCE_NAME)
            String name,

            @Doc("Resources, as Kind/name, that must be settled before this one begins. References order the"
                    + " resources without an entry here.")
            Set<String> dependsOn,

            @Doc("The resource's region, if it differs from the stack's.") @HasFormat(TextFormat.REGION)
            String region,

            @Doc("Labels for people. They are kept with the resource and not sent to AWS.")
            Map<String, String> labels) {}

    record LifecycleRules(
            @Doc("The action when the resource is no longer desired. The default is Retain for stateful kinds"
                    + " and Delete for the others.")
            OnDelete onDelete,

            @Doc("Whether a change of an immutable field may replace the resource. The default is Approve for"
                    + " stateful kinds and for replacements that delete first, and Allow for the others.")
            OnReplace onReplace,

            @Doc("Whether Holdfast may adopt an object that has no owner. The default is Never.")
            Adopt adopt,

            @Doc(
                    "The id in AWS of the object to adopt, if the name does not identify it; or Kind/name, the former id of"
                            + " the resource in this stack, whose object it takes over.")
            String id,

            @Doc("JSON pointers into spec that are not compared.")
            Set<String> ignore,

            @Doc("Whether Holdfast stops writing the resource. Differences are still reported.")
            Boolean paused,

            @Doc("Your confirmation that CloudFormation gives up the object that it has tagged.")
            Boolean handover) {}

    /** The document of a stack. */
    record StackDocument(
            @Doc("A JSON Schema for editors. Holdfast does not read it.")
            String $schema,

            @Doc("The version of the document format, always holdfast.dev/v1.") @Required
            ApiVersion apiVersion,

            @Doc("The kind of the document, always Stack.") @Required
            String kind,

            @Doc("The name of the stack.") @Required StackMetadata metadata,

            @Doc("The stack's settings.") @Required StackSpec spec) {}

    record StackMetadata(
            @Doc("The stack's name, unique within the installation.") @Required @HasFormat(TextFormat.STACK_NAME)
            String name) {}

    record StackSpec(
            @Doc("The AWS account. It is checked before the first read.") @Required @HasFormat(TextFormat.ACCOUNT)
            String account,

            @Doc("The AWS region of all resources that do not name another region.")
            @Required
            @HasFormat(TextFormat.REGION)
            String region,

            @Doc("The role to assume for this stack; absent: the operator's own credentials.")
            @HasFormat(TextFormat.ROLE)
            String roleArn,

            @Doc("Values for ${params.x} in this stack's documents.")
            Map<String, JsonNode> params,

            @Doc("Tags for every resource that supports tags.")
            Map<String, String> tags,

            @Doc("The files with this stack's documents: globs, relative to this file, within the desired state.")
            @Required
            List<String> include,

            @Doc("The files with this stack's patches: globs, relative to this file, within the desired state.")
            List<String> patches,

            @Doc("Enforce converges differences, Observe only reports them. The default is Enforce.")
            Mode mode,

            @Doc("The time between two passes, in ISO 8601. The default is PT1M.") @HasFormat(TextFormat.DURATION)
            String interval,

            @Doc("Whether owned resources that are no longer desired are deleted. The default is true.")
            Boolean prune,

            @Doc("The maximum number of steps of each action in one plan. If there are more, all of them wait for"
                    + " approval.")
            LimitRules limits,

            @Doc("Whether an observed environment value that differs may be shown. The default is false.")
            Boolean showEnvironment) {}

    /** The settings of a stack that a revision contains: params, includes and patches are already applied. */
    record RevisionSpec(
            @Doc("The same setting as in the stack document.") @Required @HasFormat(TextFormat.ACCOUNT)
            String account,

            @Doc("The same setting as in the stack document.") @Required @HasFormat(TextFormat.REGION)
            String region,

            @Doc("The same setting as in the stack document.") @HasFormat(TextFormat.ROLE)
            String roleArn,

            @Doc("The same setting as in the stack document.")
            Map<String, String> tags,

            @Doc("The same setting as in the stack document.")
            Mode mode,

            @Doc("The same setting as in the stack document.") @HasFormat(TextFormat.DURATION)
            String interval,

            @Doc("The same setting as in the stack document.")
            Boolean prune,

            @Doc("The same setting as in the stack document.")
            LimitRules limits,

            @Doc("The same setting as in the stack document.")
            Boolean showEnvironment) {}

    record LimitRules(
            @Doc("The maximum number of deletions. Default: 3.")
            Integer maxDeletes,

            @Doc("The maximum number of replacements. Default: 1.")
            Integer maxReplaces,

            @Doc("The maximum number of updates. Default: 50.")
            Integer maxUpdates,

            @Doc("The maximum number of rollouts. Default: 10.")
            Integer maxRollouts) {}
}
