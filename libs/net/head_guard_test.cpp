// What is accepted and refused stands row by row in tests/integration/http_conformance_test.cpp, over real sockets.
// Here: what an accepted head says, where it ends, and that pieces make no difference.
#include "libs/net/head_guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace orderflow::net {
namespace {

const HttpLimits limits;

HeadFacts facts_of(std::string_view head) {
    HeadGuard guard(limits);
    EXPECT_EQ(guard.advance(head), Progress::complete) << guard.refusal().code;
    return guard.facts();
}

std::string_view refusal_of(std::string_view head) {
    HeadGuard guard(limits);
    EXPECT_EQ(guard.advance(head), Progress::refused);
    return guard.refusal().code;
}

TEST(HeadGuard, GivenHeadWithMoreBehind_WhenAccepted_ThenSaysWhereItEnds) {
    const std::string head = "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n";
    HeadGuard guard(limits);

    const auto progress = guard.advance(head + "GET /b");

    EXPECT_EQ(progress, Progress::complete);
    EXPECT_EQ(guard.begin(), 0U);
    EXPECT_EQ(guard.size(), head.size());
}

TEST(HeadGuard, GivenEmptyLineBefore_WhenAccepted_ThenHeadBeginsBehindIt) {
    HeadGuard guard(limits);

    const auto progress = guard.advance("\r\nGET /a HTTP/1.1\r\nHost: shop\r\n\r\n");

    EXPECT_EQ(progress, Progress::complete);
    EXPECT_EQ(guard.begin(), 2U);
}

TEST(HeadGuard, GivenEveryPrefix_WhenItGrows_ThenOnlyTheWholeIsComplete) {
    const std::string head = "POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nConnection: close\r\n\r\n";
    HeadGuard guard(limits);

    for (std::size_t size = 0; size < head.size(); ++size) {
        ASSERT_EQ(guard.advance(head.substr(0, size)), Progress::incomplete) << size;
    }

    EXPECT_EQ(guard.advance(head), Progress::complete);
    EXPECT_EQ(guard.facts().content_length, 5U);
    EXPECT_TRUE(guard.facts().wants_close);
}

TEST(HeadGuard, GivenFraming_WhenAccepted_ThenFactsHoldIt) {
    const auto none = facts_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto sized = facts_of("POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 17\r\n\r\n");
    const auto chunked = facts_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");

    EXPECT_FALSE(none.has_body());
    EXPECT_EQ(sized.content_length, 17U);
    EXPECT_TRUE(sized.has_body());
    EXPECT_TRUE(chunked.chunked);
    EXPECT_TRUE(chunked.has_body());
}

TEST(HeadGuard, GivenVersionAndConnection_WhenAccepted_ThenKeepAliveFollows) {
    EXPECT_TRUE(facts_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive());
    EXPECT_FALSE(facts_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive());
    EXPECT_FALSE(facts_of("GET / HTTP/1.0\r\n\r\n").keep_alive());
    EXPECT_TRUE(facts_of("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive());
    EXPECT_FALSE(facts_of("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keep_alive());
}

TEST(HeadGuard, GivenLineThatIsNotFinished_WhenItCannotBecomeGood_ThenRefusedAtOnce) {
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\n"), "bare-lf");
    EXPECT_EQ(refusal_of("GET /\rx"), "bare-cr");
    EXPECT_EQ(refusal_of("GET /\x01"), "control-character");
    EXPECT_EQ(refusal_of(std::string(limits.request_line_bytes + 1, 'a')), "request-line-too-long");
}

TEST(HeadGuard, GivenLimits_WhenMetExactly_ThenAccepted) {
    const std::string around = "GET / HTTP/1.1";
    const std::string longest = "GET /" + std::string(limits.request_line_bytes - around.size(), 'a') + " HTTP/1.1";

    EXPECT_EQ(facts_of(longest + "\r\nHost: a\r\n\r\n").method, Method::get);
    EXPECT_EQ(refusal_of("GET /a" + longest.substr(5) + "\r\nHost: a\r\n\r\n"), "request-line-too-long");
}

}  // namespace
}  // namespace orderflow::net
