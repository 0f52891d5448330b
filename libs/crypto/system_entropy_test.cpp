#include "libs/crypto/system_entropy.hpp"

#include <gtest/gtest.h>

#include <array>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace orderflow::crypto {
namespace {

using Drawn = std::array<std::byte, 16>;

Drawn draw(SystemEntropy& entropy) {
    Drawn out{};
    entropy.fill(out);
    return out;
}

TEST(SystemEntropyTest, GivenManySmallDraws_WhenTheStoreIsUsedUpOftenOver_ThenNothingComesTwice) {
    SystemEntropy entropy;
    std::set<Drawn> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(draw(entropy)).second);
}

TEST(SystemEntropyTest, GivenThreads_WhenTheyShareOne_ThenNoneDrawsWhatAnotherDrew) {
    SystemEntropy entropy;
    std::set<Drawn> seen;
    std::mutex mutex;
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                const auto drawn = draw(entropy);
                const std::lock_guard lock(mutex);
                EXPECT_TRUE(seen.insert(drawn).second);
            }
        });
    }
    threads.clear();
    EXPECT_EQ(seen.size(), 800U);
}

TEST(SystemEntropyTest, GivenADrawLargerThanTheStore_ThenAllOfItIsFilled) {
    SystemEntropy entropy;
    std::vector<std::byte> out(100'000);

    entropy.fill(out);

    std::set<std::byte> values(out.begin(), out.end());
    EXPECT_EQ(values.size(), 256U);  // 100,000 bytes without one of the values: less likely than 1 in 10^160
}

}  // namespace
}  // namespace orderflow::crypto
