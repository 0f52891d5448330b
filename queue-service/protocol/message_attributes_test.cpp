#include "queue-service/protocol/message_attributes.hpp"

#include <gtest/gtest.h>

namespace orderflow::sqs {
namespace {

AttributeValue text(std::string type, std::string value) {
    return {.data_type = std::move(type), .string_value = std::move(value)};
}
AttributeValue bytes(std::string type, std::string value) {
    return {.data_type = std::move(type), .binary_value = Blob{std::move(value)}};
}
bool takes(const std::string& name, AttributeValue value) { return validate({{name, std::move(value)}}).has_value(); }

TEST(MessageAttributes, GivenNamesThatAwsRefuses_WhenValidated_ThenTheyAreRefused) {
    for (const auto* name :
         {"", ".a", "a.", "a..b", "a b", "\xC3\xA9", "AWS.x", "aws.x", "Amazon.x", "amazon.x", "a/b"}) {
        EXPECT_FALSE(takes(name, text("String", "x"))) << name;
    }
    EXPECT_FALSE(takes(std::string(257, 'a'), text("String", "x")));
    EXPECT_TRUE(takes(std::string(256, 'a'), text("String", "x")));
    EXPECT_TRUE(takes("a-b_c.D9", text("String", "x")));
}

TEST(MessageAttributes, GivenTypesAndValuesThatDoNotFit_WhenValidated_ThenTheyAreRefused) {
    EXPECT_FALSE(takes("a", text("", "x")));
    EXPECT_FALSE(takes("a", text("Text", "x")));
    EXPECT_FALSE(takes("a", text("string", "x")));
    EXPECT_FALSE(takes("a", text("String." + std::string(250, 'x'), "x")));
    EXPECT_FALSE(takes("a", text("String", "")));
    EXPECT_FALSE(takes("a", text("String", "\x01")));
    EXPECT_FALSE(takes("a", bytes("String", "x")));
    EXPECT_FALSE(takes("a", text("Binary", "x")));
    EXPECT_FALSE(takes("a", bytes("Binary", "")));
    EXPECT_TRUE(takes("a", text("String.json", "{}")));
    EXPECT_TRUE(takes("a", bytes("Binary.gif", std::string("\0", 1))));
}

TEST(MessageAttributes, GivenNumbers_WhenValidated_ThenThoseOfAwsAreTaken) {
    for (const auto* number :
         {"0", "-1", "+1", "1.5", ".5", "1.", "1e10", "1E-126", "12345678901234567890123456789012345678"}) {
        EXPECT_TRUE(takes("a", text("Number", number))) << number;
        EXPECT_TRUE(takes("a", text("Number.int", number))) << number;
    }
    for (const auto* number :
         {"x", "1x", "--1", ".", "1e", "1e127", "1.2.3", " 1", "0x10", "123456789012345678901234567890123456789"}) {
        EXPECT_FALSE(takes("a", text("Number", number))) << number;
    }
}

TEST(MessageAttributes, GivenListValues_WhenValidated_ThenTheyAreUnsupported) {
    AttributeValue list{.data_type = "String"};
    list.string_list = {"a"};

    EXPECT_EQ(validate({{"a", list}}).error().fault, Fault::unsupported_operation);
}

TEST(MessageAttributes, GivenMoreThanTen_WhenValidated_ThenTheyAreRefused) {
    MessageAttributes attributes;
    for (int i = 0; i < 10; ++i) attributes["a" + std::to_string(i)] = text("String", "x");
    EXPECT_TRUE(validate(attributes));

    attributes["b"] = text("String", "x");

    EXPECT_EQ(validate(attributes).error().fault, Fault::invalid_parameter_value);
}

TEST(MessageAttributes, GivenSystemAttributes_WhenValidated_ThenOnlyTheTraceHeaderIsTaken) {
    EXPECT_TRUE(validate_system({{"AWSTraceHeader", text("String", "Root=1-5759e988-bd862e3fe1be46a994272793")}}));
    EXPECT_FALSE(validate_system({{"AWSTraceHeader", text("Number", "1")}}));
    EXPECT_FALSE(validate_system({{"SenderId", text("String", "me")}}));
}

// The digests were computed with another implementation of AWS's description, in Python.
TEST(MessageAttributes, GivenAttributes_WhenDigested_ThenTheMd5IsThatOfAws) {
    EXPECT_EQ(md5_of({}), std::nullopt);
    EXPECT_EQ(md5_of({{"timestamp", text("Number", "1493147359900")}}), "235c5c510d26fb653d073faed50ae77c");
    EXPECT_EQ(md5_of({{"timestamp", text("Number.java.lang.Long", "1493147359900")}}),
              "2e2e4876d8e0bd6b8c2c8f556831c349");
    EXPECT_EQ(md5_of({{"b", bytes("Binary", std::string("\0\xFF", 2))}, {"a", text("String", "x")}}),
              "c4ec7d55335539420ccc7ec70efeb4a1");
}

TEST(MessageAttributes, GivenFilters_WhenSelected_ThenNamesAndPrefixesDecide) {
    const MessageAttributes all = {
        {"order.id", text("String", "1")}, {"order.kind", text("String", "2")}, {"other", text("String", "3")}};

    EXPECT_EQ(select(all, {}).size(), 0U);
    EXPECT_EQ(select(all, {"All"}).size(), 3U);
    EXPECT_EQ(select(all, {".*"}).size(), 3U);
    EXPECT_EQ(select(all, {"order.*"}).size(), 2U);
    EXPECT_EQ(select(all, {"other", "missing"}).size(), 1U);
    EXPECT_EQ(select(all, {"ord"}).size(), 0U);
}

TEST(MessageCharacters, GivenWhatXmlCannotSay_WhenAsked_ThenItIsNotAllowed) {
    using namespace std::string_literals;
    for (const auto& text : {"\0"s, "\x01"s, "\x0B"s, "\x1F"s, "\xEF\xBF\xBE"s, "a\xEF\xBF\xBF"s}) {
        EXPECT_FALSE(has_only_allowed_characters(text));
    }
    for (const auto& text :
         {"\t\n\r "s, "\x7F"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s, "\xEF\xBF\xBD"s, "\xF0\x9F\x98\x80"s}) {
        EXPECT_TRUE(has_only_allowed_characters(text));
    }
}

}  // namespace
}  // namespace orderflow::sqs
