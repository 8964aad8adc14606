package dev.holdfast.events;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.RecordedCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The kinds that each call changes, derived from the calls that the kinds make themselves. The texts of an event
 * contain the id, so that every kind only has to have names that no other resource has.
 */
final class EventTable {
    private final Map<String, Set<String>> kindsByCall = new HashMap<>();
    private final Map<String, Set<String>> kindsByService = new HashMap<>();

    EventTable(KindCatalog catalog) {
        for (Kind<?> kind : catalog.all().values()) {
            String name = kind.info().name();
            for (String call : kind.changingCalls()) {
                kindsByCall.computeIfAbsent(call, c -> new TreeSet<>()).add(name);
                kindsByCall
                        .computeIfAbsent(RecordedCalls.of(call), c -> new TreeSet<>())
                        .add(name);
                kindsByService
                        .computeIfAbsent(service(call), s -> new TreeSet<>())
                        .add(name);
            }
        }
    }

    private static String service(String call) {
        return call.substring(0, call.indexOf(':'));
    }

    /** @param call {@code ec2:AuthorizeSecurityGroupIngress} @return empty if no kind makes such a call */
    Set<String> changedBy(String call) {
        return kindsByCall.getOrDefault(call, Set.of());
    }

    /** The kinds whose resources belong to the service. */
    Set<String> ofService(String service) {
        return kindsByService.getOrDefault(service, Set.of());
    }
}
