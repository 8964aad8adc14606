package dev.holdfast.state;

import dev.holdfast.model.ResourceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The state of a stack with new ids of resources. Pure. */
final class RenamedRecords {
    private final Map<ResourceId, ResourceId> names;

    /** @param names former id → present id */
    RenamedRecords(Map<ResourceId, ResourceId> names) {
        this.names = names;
    }

    /** The record with its own id and the ids of its dependencies renamed. */
    ResourceRecord record(ResourceRecord record) {
        return new ResourceRecord(
                now(record.id()),
                record.physicalId(),
                record.applied(),
                record.revision(),
                record.createdAt(),
                record.intent(),
                record.deposed(),
                record.copies(),
                record.completed(),
                record.onDelete(),
                all(record.dependsOn()),
                record.owner(),
                record.region(),
                record.rollout(),
                record.repairs(),
                record.lastChange(),
                record.recreations(),
                record.deletions(),
                record.granted());
    }

    StackMemory memory(StackMemory memory) {
        return memory.pauses(keys(memory.pauses()))
                .suspects(all(memory.suspects()))
                .delegated(keys(memory.delegated()))
                .newer(keys(memory.newer()))
                .unread(all(memory.unread()))
                .upgraded(all(memory.upgraded()))
                .formerIds(formerIds(memory.formerIds()));
    }

    /** An id that a resource has again is no longer a former one. */
    private Map<String, String> formerIds(Map<String, String> before) {
        Map<String, String> all = new HashMap<>();
        before.forEach(
                (former, now) -> all.put(former, now(ResourceId.parse(now)).toString()));
        names.forEach((former, now) -> all.put(former.toString(), now.toString()));
        all.entrySet().removeIf(entry -> entry.getKey().equals(entry.getValue()));
        return all;
    }

    private ResourceId now(ResourceId id) {
        return names.getOrDefault(id, id);
    }

    private Set<ResourceId> all(Set<ResourceId> ids) {
        return ids.stream().map(this::now).collect(Collectors.toUnmodifiableSet());
    }

    private <V> Map<String, V> keys(Map<String, V> byId) {
        Map<String, String> texts = new HashMap<>();
        names.forEach((former, now) -> texts.put(former.toString(), now.toString()));
        UnaryOperator<String> rename = key -> texts.getOrDefault(key, key);
        Map<String, V> renamed = new HashMap<>();
        byId.forEach((key, value) -> renamed.putIfAbsent(rename.apply(key), value));
        return renamed;
    }
}
