package dev.holdfast.composites;

import dev.holdfast.kind.AddressBlocks;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Divides a VPC's CIDR block into blocks for its subnets. Each zone has a fixed share that depends only on its letter,
 * so that adding or removing a zone moves no other zone.
 *
 * <p>Tasks need the most addresses, so the private tier has the upper half. The public and the isolated tier have an
 * eighth each, at the bottom. The quarter between them is free for subnets that are declared separately. Each tier's
 * share is divided into eight zones.
 */
record SubnetCidrs(IPAddress block, int prefix) {
    static final String ZONES = "abcdefgh";
    private static final int ZONE_BITS = 3;
    /** AWS accepts subnets of /16 to /28, and the smallest subnet here is a 64th of the VPC. */
    static final int LONGEST_PREFIX = 22;

    private record TierShare(int bits, int index) {}

    private static final Map<Tier, TierShare> RANGES = new TreeMap<>(Map.of(
            Tier.PUBLIC, new TierShare(3, 0), Tier.ISOLATED, new TierShare(3, 1), Tier.PRIVATE, new TierShare(1, 1)));

    /**
     * @return null if the text is not an IPv4 block in CIDR notation, or the block is too small or too large to divide
     */
    static @Nullable SubnetCidrs of(String cidr) {
        IPAddress address = AddressBlocks.parse(cidr);
        Integer prefix = address == null || !address.isIPv4() ? null : address.getNetworkPrefixLength();
        return address == null || prefix == null || prefix < 16 || prefix > LONGEST_PREFIX
                ? null
                : new SubnetCidrs(address.toPrefixBlock(), prefix);
    }

    /** @param zone one of {@link #ZONES} */
    String block(Tier tier, char zone) {
        TierShare range = RANGES.getOrDefault(tier, new TierShare(0, 0));
        int length = prefix + range.bits() + ZONE_BITS;
        long index = ((long) range.index() << ZONE_BITS) + ZONES.indexOf(zone);
        BigInteger lowest = block.getLower().getValue().add(BigInteger.valueOf(index << (32 - length)));
        return new IPAddressString(dotted(lowest.longValueExact()) + "/" + length).toString();
    }

    private static String dotted(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }
}
