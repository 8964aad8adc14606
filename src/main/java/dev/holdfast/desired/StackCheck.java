package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.AddressBlocks;
import dev.holdfast.kind.OwnershipForm;
import inet.ipaddr.IPAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks AWS's rules that two or more resources of a stack can violate together, before AWS refuses them. */
final class StackCheck {
    /** The CIDR block of a draft and its location. */
    private record AddressBlock(ResourceDraft draft, IPAddress range, SourceLocation location) {}

    /** The maximum number of subnets, because each is compared with each. */
    private static final int MOST_SUBNETS = 1_000;

    private final Collection<ResourceDraft> drafts;
    private final List<Problem> problems;

    StackCheck(Collection<ResourceDraft> drafts, List<Problem> problems) {
        this.drafts = drafts;
        this.problems = problems;
    }

    void check() {
        networks();
        distinct("Listener", "loadBalancerArn", "port", "load balancer");
        distinct("ListenerRule", "listenerArn", "priority", "listener");
        names();
        new OpenPortCheck(drafts, problems).check();
        new RenameCheck(drafts, problems).check();
    }

    private void networks() {
        Map<String, AddressBlock> vpcs = new HashMap<>();
        Map<String, List<AddressBlock>> subnets = new HashMap<>();
        for (ResourceDraft draft : drafts) {
            boolean vpc = draft.id().kind().equals("Vpc");
            boolean subnet = draft.id().kind().equals("Subnet");
            AddressBlock block = vpc || subnet ? block(draft) : null;
            if (block != null && vpc) {
                vpcs.put(draft.id().toString(), block);
            } else if (block != null) {
                String parent = target(draft.spec().get("vpcId"));
                if (parent != null) {
                    subnets.computeIfAbsent(parent, k -> new ArrayList<>()).add(block);
                }
            }
        }
        subnets.forEach((parent, blocks) -> {
            AddressBlock vpc = vpcs.get(parent);
            if (vpc != null) {
                blocks.forEach(b -> inside(b, vpc));
            }
            overlaps(blocks);
        });
    }

    /** @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html">the sizes that AWS takes</a> */
    private @Nullable AddressBlock block(ResourceDraft draft) {
        LocatedJson value = draft.spec().get("cidrBlock");
        String text = value == null ? null : value.text();
        if (value == null || text == null || Interpolation.hasPlaceholder(text)) {
            return null;
        }
        IPAddress address = AddressBlocks.parse(text);
        Integer prefix = address == null || !address.isIPv4() ? null : address.getNetworkPrefixLength();
        if (address == null || prefix == null || prefix < 16 || prefix > 28) {
            problems.add(value.location()
                    .problem(
                            "expected an IPv4 block in CIDR notation, between /16 and /28, found "
                                    + JsonTypeCheck.quoted(text),
                            "as in 10.0.0.0/16"));
            return null;
        }
        return new AddressBlock(draft, address.toPrefixBlock(), value.location());
    }

    private void inside(AddressBlock subnet, AddressBlock vpc) {
        if (!vpc.range().contains(subnet.range())) {
            problems.add(subnet.location()
                    .problem(
                            "the block " + subnet.range() + " lies outside " + vpc.range() + ", the block of "
                                    + vpc.draft().id(),
                            "choose one inside it"));
        }
    }

    private void overlaps(List<AddressBlock> blocks) {
        if (blocks.size() > MOST_SUBNETS) {
            problems.add(blocks.getLast()
                    .location()
                    .problem("more than " + MOST_SUBNETS + " subnets in one VPC", "AWS allows 200 by default"));
            return;
        }
        for (int i = 0; i < blocks.size(); i++) {
            for (int j = 0; j < i; j++) {
                AddressBlock a = blocks.get(j);
                AddressBlock b = blocks.get(i);
                if (a.range().intersect(b.range()) != null) {
                    problems.add(b.location()
                            .problem(
                                    "the block " + b.range() + " overlaps " + a.range() + " of "
                                            + a.draft().id(),
                                    "the other one is at " + a.location().file() + ":"
                                            + a.location().line()));
                }
            }
        }
    }

    private void distinct(String kind, String parentField, String field, String parentWords) {
        Map<String, ResourceDraft> seen = new HashMap<>();
        for (ResourceDraft draft : drafts) {
            LocatedJson value = draft.spec().get(field);
            String parent = target(draft.spec().get(parentField));
            if (!draft.id().kind().equals(kind) || parent == null || !(value instanceof LocatedJson.Value v)) {
                continue;
            }
            ResourceDraft other = seen.putIfAbsent(parent + " " + v.json().asText(), draft);
            if (other != null) {
                problems.add(value.location()
                        .problem(
                                "the " + field + " " + v.json().asText() + " is taken on this " + parentWords + " by "
                                        + other.id(),
                                "the other one is at " + other.location().file() + ":"
                                        + other.location().line()));
            }
        }
    }

    /**
     * Reports names in AWS that two resources have in common. A name of a resource with a parent has to be unique only
     * within that parent.
     */
    private void names() {
        Map<String, ResourceDraft> seen = new HashMap<>();
        for (ResourceDraft draft : drafts) {
            if (draft.kind().info().ownership() == OwnershipForm.PARENT) {
                continue;
            }
            for (JsonType.FieldType field :
                    JsonType.of(draft.kind().info().spec()).fields().values()) {
                LocatedJson value =
                        field.physicalName() == null ? null : draft.spec().get(field.name());
                String name = value == null ? null : value.text();
                if (value == null || name == null || Interpolation.hasPlaceholder(name)) {
                    continue;
                }
                ResourceDraft other = seen.putIfAbsent(draft.id().kind() + " " + draft.region() + " " + name, draft);
                if (other != null) {
                    problems.add(value.location()
                            .problem(
                                    "the name " + JsonTypeCheck.quoted(name) + " is taken by " + other.id(),
                                    "the other one is at " + other.location().file() + ":"
                                            + other.location().line()));
                }
            }
        }
    }

    /** The target of a field: {@code Kind/name} of a reference, or the bare id. */
    static @Nullable String target(@Nullable LocatedJson located) {
        JsonNode json = located == null ? null : located.toJson();
        if (json == null || !json.isTextual()) {
            return null;
        }
        List<Interpolation.Segment> parts = Interpolation.parse(json.textValue());
        Reference reference = parts.size() == 1 && parts.getFirst() instanceof Interpolation.Placeholder placeholder
                ? Reference.parse(placeholder.text())
                : null;
        return reference == null ? json.textValue() : reference.resource().toString();
    }
}
