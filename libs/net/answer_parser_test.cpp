// Method: every answer comes in one piece and byte by byte, with the same result.
#include "libs/net/answer_parser.hpp"

#include <gtest/gtest.h>

namespace orderflow::net {
namespace {

using State = AnswerParser::State;
using Asked = AnswerParser::Asked;

constexpr AnswerParser::Limits limits = {.head_bytes = 1024, .body_bytes = 100};

struct Read {
    State state;
    bool connection_is_good;
    ClientAnswer answer;
};

Read read_in_pieces(std::string_view text, std::size_t piece, Asked asked) {
    AnswerParser parser(asked, limits);
    auto state = State::incomplete;
    while (state == State::incomplete && !text.empty()) {
        state = parser.put(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
    }
    const bool good = text.empty() && state == State::complete && parser.connection_is_good();
    return {state, good, std::move(parser).take()};
}

Read read(std::string_view text, Asked asked = Asked::other) {
    auto whole = read_in_pieces(text, text.size(), asked);
    const auto bytes = read_in_pieces(text, 1, asked);
    EXPECT_EQ(bytes.state, whole.state) << text;
    if (whole.state == State::complete) EXPECT_EQ(bytes.answer.body, whole.answer.body) << text;
    return whole;
}

TEST(AnswerParser, GivenTextThatIsNoAnswer_WhenPut_ThenItIsMalformed) {
    for (const auto* text : {"220 mail.example.com ESMTP\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
        EXPECT_EQ(read(text).state, State::malformed) << text;
    }
}

TEST(AnswerParser, GivenAnAnswerThatEndsWithTheConnection_WhenPut_ThenItIsUnsupported) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nperhaps all of it").state, State::unsupported);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx").state, State::unsupported);
    EXPECT_EQ(read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n").state, State::unsupported);
}

TEST(AnswerParser, GivenAnAnswerOverALimit_WhenPut_ThenItIsTooLarge) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n").state, State::too_large);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x')).state, State::too_large);
    std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 101; ++i) chunks += "1\r\nx\r\n";
    EXPECT_EQ(read(chunks).state, State::too_large);
}

TEST(AnswerParser, GivenAChunkLineWithoutEnd_WhenPut_ThenItIsRefusedBeforeItFillsTheMemory) {
    AnswerParser parser(Asked::other, limits);
    auto state = parser.put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
    const std::string more(1024, 'x');
    for (int i = 0; i < 100 && state == State::incomplete; ++i) state = parser.put(more);
    EXPECT_NE(state, State::incomplete);
}

TEST(AnswerParser, GivenAnEndlessRowOfInterimAnswers_WhenPut_ThenItIsMalformed) {
    std::string row;
    for (int i = 0; i < 9; ++i) row += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(read(row).state, State::malformed);
}

TEST(AnswerParser, GivenALength_WhenAllBytesAreThere_ThenTheAnswerIsCompleteAndNotBefore) {
    const std::string text = "HTTP/1.1 400 Bad Request\r\nX-Error: One; Sender\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        EXPECT_EQ(read(text.substr(0, cut)).state, State::incomplete) << cut;
    }
    const auto whole = read(text);
    EXPECT_EQ(whole.state, State::complete);
    EXPECT_TRUE(whole.connection_is_good);
    EXPECT_EQ(whole.answer.status, 400);
    EXPECT_EQ(whole.answer.body, "hello");
    EXPECT_EQ(*whole.answer.find("x-error"), "One; Sender");
    EXPECT_EQ(whole.answer.find("x-other"), nullptr);
}

TEST(AnswerParser, GivenChunks_WhenTheLastOneIsThere_ThenTheAnswerIsCompleteAndNotBefore) {
    const std::string text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\nA\r\n, everyone\r\n0\r\nTrailer: "
        "x\r\n\r\n";
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        EXPECT_EQ(read(text.substr(0, cut)).state, State::incomplete) << cut;
    }
    const auto whole = read(text);
    EXPECT_EQ(whole.state, State::complete);
    EXPECT_EQ(whole.answer.body, "hello, everyone");
    EXPECT_TRUE(whole.connection_is_good);
    EXPECT_EQ(whole.answer.find("Trailer"), nullptr);
}

TEST(AnswerParser, GivenAnInterimAnswer_WhenTheRealOneFollows_ThenTheInterimOneIsForgotten) {
    const auto whole = read("HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_EQ(whole.state, State::complete);
    EXPECT_EQ(whole.answer.status, 200);
    EXPECT_EQ(whole.answer.body, "ok");
    EXPECT_EQ(whole.answer.find("X"), nullptr);
}

TEST(AnswerParser, GivenAnswersWithoutBody_WhenPut_ThenTheyEndWithTheirHead) {
    EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n").state, State::complete);
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n", Asked::head).state, State::complete);
    EXPECT_EQ(read("HTTP/1.1 200 Connection established\r\n\r\n", Asked::connect).state, State::complete);
}

TEST(AnswerParser, GivenAServerThatCloses_WhenComplete_ThenTheConnectionIsNotGoodForMore) {
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").connection_is_good);
    EXPECT_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").connection_is_good);
}

TEST(AnswerParser, GivenBytesBehindTheAnswer_WhenComplete_ThenTheConnectionIsNotGoodForMore) {
    AnswerParser parser(Asked::other, limits);
    EXPECT_EQ(parser.put("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"), State::complete);
    EXPECT_FALSE(parser.connection_is_good());
    EXPECT_EQ(std::move(parser).take().body, "ok");
}

}  // namespace
}  // namespace orderflow::net
