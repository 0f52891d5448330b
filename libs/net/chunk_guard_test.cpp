#include "libs/net/chunk_guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::net {
namespace {

const HttpLimits limits;
constexpr std::size_t max_body = 100;

TEST(ChunkGuard, GivenWholeBodyWithMoreBehind_WhenAccepted_ThenSaysWhereItEnds) {
    const std::string body = "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
    ChunkGuard guard(limits, max_body);

    const auto progress = guard.advance(body + "GET /");

    EXPECT_EQ(progress, Progress::complete);
    EXPECT_EQ(guard.accepted(), body.size());
}

TEST(ChunkGuard, GivenOctetsOneByOne_WhenForgottenAsAccepted_ThenEndsTheSame) {
    const std::string body = "5;a=b\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n";
    ChunkGuard guard(limits, max_body);
    std::string held;
    auto progress = Progress::incomplete;

    for (const char octet : body) {
        ASSERT_EQ(progress, Progress::incomplete);
        held += octet;
        progress = guard.advance(held);
        held.erase(0, guard.accepted());
        guard.forget(guard.accepted());
    }

    EXPECT_EQ(progress, Progress::complete);
    EXPECT_TRUE(held.empty());
}

TEST(ChunkGuard, GivenLastChunk_WhenItsTrailerIsNotWhole_ThenIsHeldBack) {
    ChunkGuard guard(limits, max_body);

    const auto progress = guard.advance("5\r\nhello\r\n0\r\nX-Sum");

    EXPECT_EQ(progress, Progress::incomplete);
    EXPECT_EQ(guard.accepted(), std::string_view("5\r\nhello\r\n").size());
}

TEST(ChunkGuard, GivenBodyLimit_WhenMetExactly_ThenAccepted) {
    const auto chunk = [](std::size_t size) {
        return (size < 16 ? "" : std::string(1, "0123456789abcdef"[size / 16])) +
               std::string(1, "0123456789abcdef"[size % 16]) + "\r\n" + std::string(size, 'x') + "\r\n";
    };
    ChunkGuard exact(limits, max_body);
    ChunkGuard above(limits, max_body);

    EXPECT_EQ(exact.advance(chunk(60) + chunk(40) + "0\r\n\r\n"), Progress::complete);
    EXPECT_EQ(above.advance(chunk(60) + chunk(41) + "0\r\n\r\n"), Progress::refused);
    EXPECT_EQ(above.refusal().status, 413U);
}

}  // namespace
}  // namespace orderflow::net
