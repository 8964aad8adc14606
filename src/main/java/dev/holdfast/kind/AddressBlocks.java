package dev.holdfast.kind;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import org.jspecify.annotations.Nullable;

/** Address blocks in CIDR notation, as AWS writes them: without the wildcards and ranges that address libraries accept. */
public final class AddressBlocks {
    private static final IPAddressStringParameters CIDR = new IPAddressStringParameters.Builder()
            .allowWildcardedSeparator(false)
            .allowAll(false)
            .allowEmpty(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowSingleSegment(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    private AddressBlocks() {}

    /** The block with its host bits; null if the text is not exactly one address with a prefix length. */
    public static @Nullable IPAddress parse(String text) {
        IPAddress address = new IPAddressString(text, CIDR).getAddress();
        return address == null || !address.isPrefixed() ? null : address;
    }
}
