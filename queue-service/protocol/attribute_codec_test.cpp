#include "queue-service/protocol/attribute_codec.hpp"

#include <gtest/gtest.h>

namespace orderflow::sqs {
namespace {

MessageMetadata sample() {
    MessageMetadata metadata;
    metadata.attributes["colour"] = {.data_type = "String", .string_value = "blue"};
    metadata.attributes["bytes"] = {.data_type = "Binary.gif", .binary_value = Blob{std::string("\0\xFF", 2)}};
    metadata.attributes["long"] = {.data_type = "String", .string_value = std::string(100'000, 'x')};
    metadata.trace_header = "Root=1-5759e988-bd862e3fe1be46a994272793";
    metadata.group_id = "tenant-1";
    return metadata;
}

TEST(AttributeCodec, GivenAnyCut_WhenDecoded_ThenItIsDamageOrWhole) {
    MessageMetadata metadata = sample();
    metadata.attributes.erase("long");
    const auto text = encode(metadata);

    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        const auto decoded = decode(std::string_view(text).substr(0, cut));
        if (decoded) {
            EXPECT_NE(*decoded, metadata) << cut;
        } else {
            EXPECT_EQ(decoded.error().code(), "sqs.attributes_damaged");
        }
    }
}

TEST(AttributeCodec, GivenAnotherFormatOrTag_WhenDecoded_ThenItIsDamage) {
    EXPECT_FALSE(decode("\2"));
    EXPECT_FALSE(decode("\1\x7F"));
    EXPECT_FALSE(decode("\1\3\xFF\xFF\xFF\xFF\xFF\xFF"));
}

TEST(AttributeCodec, GivenEverything_WhenCodedBothWays_ThenNothingChanges) {
    EXPECT_EQ(decode(encode(sample())).value(), sample());
}

TEST(AttributeCodec, GivenNothing_WhenEncoded_ThenItTakesNoSpace) {
    EXPECT_EQ(encode({}), "");
    EXPECT_EQ(decode("").value(), MessageMetadata());
}

}  // namespace
}  // namespace orderflow::sqs
