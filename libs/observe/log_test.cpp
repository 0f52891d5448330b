#include "libs/observe/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "libs/json/parse.hpp"
#include "libs/testing/fake_clock.hpp"

namespace orderflow::observe {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class KeptLines final : public LogSink {
  public:
    void write(LogLevel level, std::string_view line) override {
        levels.push_back(level);
        lines.emplace_back(line);
    }
    std::vector<LogLevel> levels;
    std::vector<std::string> lines;
};

class LoggerTest : public ::testing::Test {
  protected:
    FakeClock clock_;
    KeptLines kept_;
    Logger log_{clock_, kept_};
};

TEST_F(LoggerTest, GivenFieldsOfEveryType_WhenLogged_ThenOneJsonObjectHoldsThem) {
    const std::string id = "ord_1";

    log_.info("order.accepted", {{"order_id", id},
                                 {"key", "k"},
                                 {"items", 3},
                                 {"delta", std::int64_t{-4}},
                                 {"bytes", std::size_t{5}},
                                 {"took_ms", 1.5},
                                 {"replayed", true}});

    EXPECT_THAT(kept_.lines,
                ElementsAre(R"({"time":"2026-01-01T00:00:00.000Z","level":"info","event":"order.accepted",)"
                            R"("order_id":"ord_1","key":"k","items":3,"delta":-4,"bytes":5,"took_ms":1.5,)"
                            R"("replayed":true})"));
}

TEST_F(LoggerTest, GivenTrace_WhenLogged_ThenItsIdStandsInTheLine) {
    const auto trace = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    log_.warn("queue.slow", {}, &*trace);

    ASSERT_EQ(kept_.lines.size(), 1U);
    EXPECT_THAT(kept_.lines[0], HasSubstr(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
}

TEST_F(LoggerTest, GivenPersonalValue_WhenLogged_ThenOnlyThatThereIsOne) {
    log_.info("order.accepted", {{"who", Personal("ada@example.com")}});

    ASSERT_EQ(kept_.lines.size(), 1U);
    EXPECT_THAT(kept_.lines[0], HasSubstr(R"("who":"[redacted]")"));
    EXPECT_THAT(kept_.lines[0], Not(HasSubstr("ada")));
}

// Also when somebody forgot to say Personal.
TEST_F(LoggerTest, GivenFieldOfAPersonalName_WhenLogged_ThenRedacted) {
    for (const char* key :
         {"email", "name", "phone", "line1", "line2", "city", "region", "postal_code", "notes", "token", "customer",
          "shipping_address", "billing_address", "metadata", "body", "authorization"}) {
        kept_.lines.clear();

        log_.error("order.refused", {{key, "Ada Lovelace"}});

        ASSERT_EQ(kept_.lines.size(), 1U);
        EXPECT_THAT(kept_.lines[0], Not(HasSubstr("Ada"))) << key;
    }
}

TEST_F(LoggerTest, GivenTextThatTriesToForgeALine_WhenLogged_ThenItStaysInItsField) {
    const auto evil = "x\"}\r\n{\"event\":\"order.settled\"}\x1B[2J\x00\xFF\xC2\x9B"s;

    log_.info("order.refused", {{"code", evil}, {evil, 1}});

    ASSERT_EQ(kept_.lines.size(), 1U);
    for (const char octet : kept_.lines[0]) EXPECT_GE(static_cast<unsigned char>(octet), 0x20U);
    const auto parsed = json::parse(kept_.lines[0], {.bytes = 10'000});
    ASSERT_TRUE(parsed.has_value());
}

TEST_F(LoggerTest, GivenNumbersWithoutJsonForm_WhenLogged_ThenNull) {
    log_.info("load", {{"ratio", std::nan("")}, {"rate", std::numeric_limits<double>::infinity()}});

    ASSERT_EQ(kept_.lines.size(), 1U);
    EXPECT_THAT(kept_.lines[0], HasSubstr(R"("ratio":null,"rate":null)"));
}

TEST_F(LoggerTest, GivenVeryLongText_WhenLogged_ThenCut) {
    log_.info("order.refused", {{"detail", std::string(100'000, 'x')}});

    ASSERT_EQ(kept_.lines.size(), 1U);
    EXPECT_LT(kept_.lines[0].size(), 2300U);
}

TEST_F(LoggerTest, GivenLevelBelowTheLeast_WhenLogged_ThenDropped) {
    log_.debug("detail");

    EXPECT_THAT(kept_.lines, IsEmpty());
}

TEST_F(LoggerTest, GivenLevels_WhenLogged_ThenSinkIsToldThem) {
    log_.info("a");
    log_.warn("b");
    log_.error("c");

    EXPECT_THAT(kept_.levels, ElementsAre(LogLevel::info, LogLevel::warn, LogLevel::error));
}

TEST(StreamSink, GivenLines_WhenSinkEnds_ThenAllAreWritten) {
    ::testing::internal::CaptureStderr();
    {
        const auto sink = make_stream_sink(LogStream::standard_error);
        for (int i = 0; i < 100; ++i) sink->write(LogLevel::info, "line");
    }
    const auto written = ::testing::internal::GetCapturedStderr();

    std::string expected;
    for (int i = 0; i < 100; ++i) expected += "line\n";
    EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace orderflow::observe
