#include "queue-service/engine/receipt_handle.hpp"

#include <gtest/gtest.h>

#include <set>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::queue {
namespace {

SipKey counting_key() {
    SipKey key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
    return key;
}

// The reference vectors of the SipHash paper (appendix A) and of its authors' test program: key 00..0f, input 00..n-1.
TEST(SipHash, GivenThePublishedVectors_WhenHashed_ThenTheTagsMatch) {
    std::array<std::byte, 15> input{};
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::byte>(i);

    EXPECT_EQ(sip_hash(counting_key(), input), 0xa129ca6149be45e5U);
    EXPECT_EQ(sip_hash(counting_key(), {}), 0x726fdb47dd0e0e31U);
}

const DeliveryName delivery{.message = {QueueNo{7}, (std::uint64_t{1} << 40U) - 1}, .receive_count = 3};

TEST(ReceiptHandle, GivenADelivery_WhenItsHandleIsParsed_ThenTheSameDeliveryIsNamed) {
    const auto text = to_receipt_handle(counting_key(), delivery);

    EXPECT_EQ(parse_receipt_handle(counting_key(), text), delivery);
}

TEST(ReceiptHandle, GivenAHandle_WhenAnyCharacterIsChanged_ThenItIsRefused) {
    const auto text = to_receipt_handle(counting_key(), delivery);

    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : std::string("Aa0-_!\0\xff", 8)) {
            auto forged = text;
            forged[i] = c;
            if (forged == text) continue;
            const auto parsed = parse_receipt_handle(counting_key(), forged);
            ASSERT_FALSE(parsed) << "character " << i;
            EXPECT_EQ(parsed.error().kind(), ErrorKind::invalid_input);
            EXPECT_EQ(parsed.error().code(), "queue.receipt_handle_invalid");
        }
    }
}

TEST(ReceiptHandle, GivenAHandleOfAnotherLength_WhenParsed_ThenItIsRefused) {
    const auto text = to_receipt_handle(counting_key(), delivery);

    EXPECT_FALSE(parse_receipt_handle(counting_key(), ""));
    EXPECT_FALSE(parse_receipt_handle(counting_key(), text + "A"));
    EXPECT_FALSE(parse_receipt_handle(counting_key(), text.substr(1)));
}

TEST(ReceiptHandle, GivenAHandleOfAnotherJournal_WhenParsed_ThenItIsRefused) {
    auto other = counting_key();
    other[0] = std::byte{0xff};

    EXPECT_FALSE(parse_receipt_handle(counting_key(), to_receipt_handle(other, delivery)));
}

TEST(MessageId, GivenRandomness_WhenIdsAreMade_ThenTheyAreDistinctUuidsOfVersion4) {
    SeededEntropy entropy(7);
    std::set<std::string> seen;

    for (int i = 0; i < 1000; ++i) seen.insert(MessageId::random(entropy).text());

    EXPECT_EQ(seen.size(), 1000U);
    for (const auto& id : seen) {
        ASSERT_EQ(id.size(), 36U);
        EXPECT_EQ(id[14], '4');
        EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
        for (const std::size_t dash : {8U, 13U, 18U, 23U}) EXPECT_EQ(id[dash], '-');
    }
}

}  // namespace
}  // namespace orderflow::queue
