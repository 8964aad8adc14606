package dev.holdfast.twin.store;

import java.time.Clock;
import java.util.List;

/** The account that the twin of a service belongs to: its clock, its settings and its other services. */
public interface HostAccount {
    String id();

    Clock clock();

    TwinSettings settings();

    /** The sessions of assumed roles, in all accounts. */
    TwinSessions sessions();

    /** @param type the twin's class, or an interface that it implements */
    <T> T service(String region, Class<T> type);

    /** All twins that implement an interface. */
    <T> List<T> services(String region, Class<T> type);

    /** The resources that the tagging API lists in a region, {@link Delay#TAGGING_INDEX} late, with or without tags. */
    List<TwinItem> indexed(String region);
}
