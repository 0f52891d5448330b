#include "orderflow/load/load_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

using ::testing::HasSubstr;

std::expected<LoadArguments, int> read(std::vector<const char*> words) { return read_load_arguments(words, 42); }

struct Refused {
    int code = 0;
    std::string text;
};
Refused refused(std::vector<const char*> words) {
    ::testing::internal::CaptureStderr();
    const auto arguments = read(std::move(words));
    auto text = ::testing::internal::GetCapturedStderr();
    return {arguments ? 0 : arguments.error(), std::move(text)};
}

TEST(LoadArguments, GivenNone_ThenTenSecondsAsFastAsPossibleOnThisMachine) {
    const auto arguments = read({});

    ASSERT_TRUE(arguments);
    const auto& options = arguments->options;
    EXPECT_EQ(options.server.to_string(), "127.0.0.1:8080");
    EXPECT_EQ(options.path, "/order");
    EXPECT_EQ(options.rate, std::nullopt);
    EXPECT_EQ(options.duration, 10s);
    EXPECT_EQ(options.seed, 42U);
    EXPECT_EQ(options.settle_within, 0s);
    EXPECT_FALSE(arguments->json);
    EXPECT_FALSE(options.keep_going);
}

TEST(LoadArguments, GivenAll_ThenAllAreTaken) {
    const auto arguments = read({"--url",         "http://127.0.0.1:9000/v1/orders",
                                 "--rate",        "500",
                                 "--duration",    "2m",
                                 "--orders",      "77",
                                 "--connections", "3",
                                 "--seed",        "9",
                                 "--mix",         "cancel=5",
                                 "--sku",         "A,B",
                                 "--ledger",      "L",
                                 "--settle",      "5s",
                                 "--keep-going",  "--json",
                                 "--timeout",     "250ms",
                                 "--followers",   "0",
                                 "--metrics",     "http://127.0.0.1:8081",
                                 "--metrics",     "http://127.0.0.1:9324/numbers"});

    ASSERT_TRUE(arguments);
    const auto& options = arguments->options;
    EXPECT_EQ(options.server.port, 9000);
    EXPECT_EQ(options.host, "127.0.0.1:9000");
    EXPECT_EQ(options.path, "/v1/orders");
    EXPECT_EQ(options.rate, 500U);
    EXPECT_EQ(options.duration, 2min);
    EXPECT_EQ(options.orders, 77U);
    EXPECT_EQ(options.connections, 3U);
    EXPECT_EQ(options.seed, 9U);
    EXPECT_EQ(options.mix, (Mix{.cancel = 5}));
    EXPECT_EQ(options.skus, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(options.ledger, "L");
    EXPECT_EQ(options.settle_within, 5s);
    EXPECT_EQ(options.answer_within, 250ms);
    EXPECT_EQ(options.trackers, 0U);
    ASSERT_EQ(options.more_metrics.size(), 2U);
    EXPECT_EQ(options.more_metrics[0].server.port, 8081);
    EXPECT_EQ(options.more_metrics[0].path, "/metrics");
    EXPECT_EQ(options.more_metrics[1].host, "127.0.0.1:9324");
    EXPECT_EQ(options.more_metrics[1].path, "/numbers");
    EXPECT_TRUE(options.keep_going);
    EXPECT_TRUE(arguments->json);
}

TEST(LoadArguments, GivenOrdersAlone_ThenTimeIsNoLimit) { EXPECT_EQ(read({"--orders", "5"})->options.duration, 0s); }

TEST(LoadArguments, GivenSettleWithoutATime_ThenItWaitsAMinute) {
    EXPECT_EQ(read({"--settle"})->options.settle_within, 60s);
    EXPECT_EQ(read({"--settle", "--json"})->options.settle_within, 60s);
}

TEST(LoadArguments, GivenAFlashSale_ThenTheServerIsNotAskedForProducts) {
    const auto options = read({"--flash-sale", "NB-PRESS-01"})->options;

    EXPECT_EQ(options.flash_sale, "NB-PRESS-01");
    EXPECT_EQ(options.skus, std::vector<std::string>{"NB-PRESS-01"});
}

TEST(LoadArguments, GivenAMistake_ThenTheOptionAndTheReasonAreTold) {
    const auto mix = refused({"--mix", "nonsense"});
    EXPECT_EQ(mix.code, 2);
    EXPECT_THAT(mix.text, HasSubstr("--mix"));
    EXPECT_THAT(mix.text, HasSubstr("nonsense"));
    EXPECT_THAT(mix.text, HasSubstr("orderflow load --help"));

    for (const auto& words : std::vector<std::vector<const char*>>{{"--rate", "0"},
                                                                   {"--rate", "x"},
                                                                   {"--orders", "-1"},
                                                                   {"--connections", "0"},
                                                                   {"--duration", "10"},
                                                                   {"--settle", "never"},
                                                                   {"--url", "ftp://127.0.0.1"},
                                                                   {"--metrics", "worker"},
                                                                   {"--no-such-option"},
                                                                   {"stray"}}) {
        EXPECT_EQ(refused(words).code, 2) << words.front();
    }
}

TEST(ParseDuration, GivenANumberWithAUnit_ThenItIsTaken) {
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("2m"), 2min);
    EXPECT_EQ(parse_duration("1h"), 1h);
}

TEST(ParseDuration, GivenAnythingElse_ThenItIsRefused) {
    for (const auto* text : {"", "s", "10", "10 s", "0s", "-1s", "1.5s", "10sec", "99999999h"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(ParseUrl, GivenAUrl_ThenServerHostAndPathAreTold) {
    const auto target = parse_url("http://127.0.0.1:3000/order").value();
    EXPECT_EQ(target.server.port, 3000);
    EXPECT_EQ(target.host, "127.0.0.1:3000");
    EXPECT_EQ(target.path, "/order");

    EXPECT_EQ(parse_url("http://127.0.0.1:3000/").value().path, "");
    EXPECT_EQ(parse_url("http://127.0.0.1").value().server.port, 80);
    EXPECT_EQ(parse_url("http://localhost:8080").value().host, "localhost:8080");
    EXPECT_EQ(parse_url("http://[::1]:8080/order").value().server.host, "::1");
}

TEST(ParseUrl, GivenAnythingElse_ThenItIsRefused) {
    for (const auto* text :
         {"", "127.0.0.1:8080", "https://127.0.0.1", "http://", "http://127.0.0.1:x", "http://shop.example:80"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

}  // namespace
}  // namespace orderflow::load
