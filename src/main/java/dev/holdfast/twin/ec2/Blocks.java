package dev.holdfast.twin.ec2;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Address blocks: the normal form of a CIDR, and the free addresses of a subnet. */
final class Blocks {
    /** AWS reserves the first four addresses and the last address of a subnet. */
    private static final int RESERVED_FRONT = 4;

    private Blocks() {}

    /** @return the block with masked host bits, or null if the text is no CIDR */
    static @Nullable IPAddress parse(@Nullable String text) {
        IPAddress address = text == null ? null : new IPAddressString(text).getAddress();
        return address == null || !address.isPrefixed() ? null : address.toPrefixBlock();
    }

    static String text(IPAddress block) {
        return block.toCanonicalString();
    }

    static boolean overlap(String a, String b) {
        IPAddress one = parse(a);
        IPAddress two = parse(b);
        return one != null && two != null && one.isIPv4() == two.isIPv4() && one.intersect(two) != null;
    }

    static boolean contains(String outer, String inner) {
        IPAddress one = parse(outer);
        IPAddress two = parse(inner);
        return one != null && two != null && one.contains(two);
    }

    /** The number of addresses that a subnet offers to its users. */
    static int usable(String cidr) {
        IPAddress block = parse(cidr);
        return block == null ? 0 : block.getCount().intValueExact() - RESERVED_FRONT - 1;
    }

    /** @return the lowest free address, or null if none is free */
    static @Nullable String free(String cidr, Set<String> taken) {
        IPAddress block = parse(cidr);
        if (block == null) {
            return null;
        }
        IPAddress first = block.getLower().withoutPrefixLength();
        for (int i = RESERVED_FRONT; i < RESERVED_FRONT + usable(cidr); i++) {
            String address = first.increment(i).toCanonicalString();
            if (!taken.contains(address)) {
                return address;
            }
        }
        return null;
    }
}
