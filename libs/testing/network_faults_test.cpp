#include "libs/testing/network_faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace orderflow {
namespace {

std::vector<NetworkFault> fates(std::uint64_t seed, const NetworkFaultMix& mix, int count = 1000) {
    NetworkFaults faults(seed, mix);
    std::vector<NetworkFault> all;
    for (int i = 0; i < count; ++i) all.push_back(faults.next().fault);
    return all;
}

TEST(NetworkFaults, GivenTheSameSeed_WhenAsked_ThenTheFatesAreTheSame) {
    EXPECT_EQ(fates(7, {.percent = 50}), fates(7, {.percent = 50}));
    EXPECT_NE(fates(7, {.percent = 50}), fates(8, {.percent = 50}));
}

TEST(NetworkFaults, GivenAShare_WhenAsked_ThenSoManyAreTouchedAndEveryKindComes) {
    const auto all = fates(1, {.percent = 30});

    const auto untouched = std::ranges::count(all, NetworkFault::none);
    EXPECT_NEAR(static_cast<double>(untouched), 700, 60);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), network_fault_count);
}

TEST(NetworkFaults, GivenOneKind_WhenAsked_ThenItIsThatKindAndCounted) {
    NetworkFaults faults(1, {.kinds = {NetworkFault::stall}, .stall_max = std::chrono::milliseconds(5)});
    for (std::uint64_t i = 0; i < 100; ++i) {
        const auto fate = faults.next();
        EXPECT_EQ(fate.fault, NetworkFault::stall);
        EXPECT_EQ(fate.nth, i);
        EXPECT_GE(fate.time.count(), 1);
        EXPECT_LE(fate.time.count(), 5);
    }
}

TEST(Cuts, GivenAsManyCutsAsAResponseHasBytes_ThenEachByteWasTheFirstThatIsMissing) {
    std::set<std::size_t> first_missing;
    for (std::uint64_t nth = 0; nth < 200; ++nth) first_missing.insert(cut_of(nth, 200).bytes);

    EXPECT_EQ(first_missing.size(), 200U);
    EXPECT_EQ(*first_missing.rbegin(), 199U) << "a whole response is not cut";
    EXPECT_FALSE(cut_of(3, 200).reset);
    EXPECT_TRUE(cut_of(203, 200).reset);
}

TEST(Throttling, GivenAnyTurn_ThenTheResponseIsAWholeMessage) {
    std::set<std::string> all;
    for (std::uint64_t nth = 0; nth < 3; ++nth) {
        const auto text = throttling_response(nth);
        EXPECT_EQ(http_message_bytes(text), text.size());
        all.insert(text);
    }
    EXPECT_EQ(all.size(), 3U);
}

TEST(HttpMessages, GivenAHeadThatIsNotWhole_ThenNothingIsKnown) {
    EXPECT_EQ(http_message_bytes(""), std::nullopt);
    EXPECT_EQ(http_message_bytes("POST / HTTP/1.1\r\nContent-Length: 3\r\n"), std::nullopt);
}

TEST(HttpMessages, GivenAWholeHead_ThenTheLengthIsThatOfHeadAndBody) {
    EXPECT_EQ(http_message_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 27U);
    EXPECT_EQ(http_message_bytes("GET / HTTP/1.1\r\ncontent-LENGTH:  3\r\n\r\nabcdef"), 41U);
    EXPECT_EQ(http_message_bytes("GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"), 46U);
}

}  // namespace
}  // namespace orderflow
