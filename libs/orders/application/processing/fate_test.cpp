#include "libs/orders/application/processing/fate.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::orders {
namespace {

// The largest value below every bound, and the smallest.
class FixedEntropy final : public Entropy {
  public:
    explicit FixedEntropy(std::byte value) : value_(value) {}
    void fill(std::span<std::byte> out) override { std::ranges::fill(out, value_); }

  private:
    std::byte value_;
};

TEST(ReactionTo, GivenEveryKind_WhenAsked_ThenOnlyWhatCannotChangeIsParked) {
    EXPECT_EQ(reaction_to(ErrorKind::invalid_input), Reaction::park);
    EXPECT_EQ(reaction_to(ErrorKind::not_found), Reaction::park);
    EXPECT_EQ(reaction_to(ErrorKind::conflict), Reaction::retry);
    EXPECT_EQ(reaction_to(ErrorKind::unauthorized), Reaction::retry);
    EXPECT_EQ(reaction_to(ErrorKind::throttled), Reaction::retry);
    EXPECT_EQ(reaction_to(ErrorKind::unavailable), Reaction::retry);
    EXPECT_EQ(reaction_to(ErrorKind::internal), Reaction::retry);
}

TEST(FullJitter, GivenTries_WhenDrawn_ThenTheCeilingDoublesUpToTheCap) {
    FixedEntropy high(std::byte{0xff});
    const BackoffPolicy policy{std::chrono::seconds(1), std::chrono::seconds(60)};

    EXPECT_EQ(full_jitter(policy, 0, high), 1s);
    EXPECT_EQ(full_jitter(policy, 1, high), 2s);
    EXPECT_EQ(full_jitter(policy, 5, high), 32s);
    EXPECT_EQ(full_jitter(policy, 6, high), 60s);
    EXPECT_EQ(full_jitter(policy, std::numeric_limits<std::uint32_t>::max(), high), 60s);
}

TEST(FullJitter, GivenTheSmallestDraw_WhenDrawn_ThenItIsZero) {
    FixedEntropy low(std::byte{0});
    EXPECT_EQ(full_jitter(BackoffPolicy{}, 9, low), 0s);
}

TEST(FullJitter, GivenAHugeCap_WhenDrawn_ThenNothingOverflows) {
    FixedEntropy high(std::byte{0xff});
    const BackoffPolicy policy{std::chrono::milliseconds(1), std::chrono::milliseconds::max() / 2};
    EXPECT_EQ(full_jitter(policy, 1'000'000, high), policy.cap);
    EXPECT_EQ(full_jitter(BackoffPolicy{0ms, 0ms}, 3, high), 0ms);
}

TEST(FullJitter, GivenManyDraws_WhenCounted_ThenAllOfTheRangeIsUsed) {
    SeededEntropy entropy(7);
    int low = 0;
    constexpr int draws = 1000;
    for (int i = 0; i < draws; ++i) low += full_jitter(BackoffPolicy{}, 4, entropy) < 8s ? 1 : 0;
    EXPECT_NEAR(low, draws / 2, 80);
}

}  // namespace
}  // namespace orderflow::orders
