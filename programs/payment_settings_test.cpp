#include "programs/payment_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Read {
    PaymentSettings settings;
    std::vector<std::string> errors;
};
Read read(const Environment& environment) {
    SettingsReader reader(environment);
    auto settings = read_payment_settings(reader, environment);
    reader.refuse_unknown("ORDERFLOW_");
    return {std::move(settings), reader.errors()};
}

const Environment http{{"ORDERFLOW_PAYMENT_PROVIDER", "http"},
                       {"ORDERFLOW_PAYMENT_URL", "https://shop.example/payments"},
                       {"ORDERFLOW_PAYMENT_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
Environment http_but(std::string_view name, std::string value) {
    auto environment = http;
    environment.insert_or_assign(std::string(name), std::move(value));
    return environment;
}

TEST(PaymentSettings, GivenTheProductionProfile_WhenTheProviderIsSimulated_ThenItIsRefused) {
    EXPECT_THAT(read({{"ORDERFLOW_PROFILE", "production"}}).errors,
                ElementsAre(HasSubstr("ORDERFLOW_PAYMENT_PROVIDER: the simulated provider takes no money")));
    EXPECT_THAT(read({{"ORDERFLOW_PROFILE", "prod"}}).errors, ElementsAre(HasSubstr("ORDERFLOW_PROFILE: 'prod'")));
}

TEST(PaymentSettings, GivenHttpWithoutItsSettings_WhenRead_ThenAllAreNamedAtOnce) {
    const auto errors = read({{"ORDERFLOW_PAYMENT_PROVIDER", "http"}, {"ORDERFLOW_PAYMENT_SECONDS", "0"}}).errors;

    EXPECT_THAT(errors, SizeIs(3));
    EXPECT_THAT(errors, Contains(HasSubstr("ORDERFLOW_PAYMENT_URL: expected")));
    EXPECT_THAT(errors, Contains(HasSubstr("ORDERFLOW_PAYMENT_SECRET: expected whsec_")));
    EXPECT_THAT(errors, Contains(HasSubstr("ORDERFLOW_PAYMENT_SECONDS: '0'")));
}

TEST(PaymentSettings, GivenAnAddressThatIsNone_WhenRead_ThenItIsRefused) {
    for (const auto* url :
         {"shop.example", "ftp://shop.example/", "https://shop.example/?a=1", "https://a:b@shop.example/"}) {
        EXPECT_THAT(read(http_but("ORDERFLOW_PAYMENT_URL", url)).errors, SizeIs(1)) << url;
    }
}

TEST(PaymentSettings, GivenTheProductionProfile_WhenTheEndpointIsPlain_ThenOnlyThisMachineMayBeIt) {
    auto plain = http_but("ORDERFLOW_PAYMENT_URL", "http://shop.example/payments");
    EXPECT_THAT(read(plain).errors, IsEmpty());
    plain["ORDERFLOW_PROFILE"] = "production";
    EXPECT_THAT(read(plain).errors, ElementsAre(HasSubstr("wants https://")));
    plain["ORDERFLOW_PAYMENT_URL"] = "http://127.0.0.1:9000/payments";
    EXPECT_THAT(read(plain).errors, IsEmpty());
}

TEST(PaymentSettings, GivenSettingsOfHttp_WhenTheProviderIsSimulated_ThenTheyAreNotPassedOver) {
    EXPECT_THAT(read({{"ORDERFLOW_PAYMENT_URL", "https://shop.example/payments"}}).errors,
                ElementsAre(HasSubstr("set ORDERFLOW_PAYMENT_PROVIDER=http")));
}

TEST(PaymentSettings, GivenHttp_WhenRead_ThenEverythingIsThere) {
    const auto [settings, errors] = read(http_but("ORDERFLOW_PAYMENT_SECONDS", "7"));

    EXPECT_THAT(errors, IsEmpty());
    EXPECT_EQ(settings.provider, PaymentSettings::Provider::http);
    EXPECT_EQ(settings.url.origin(), "https://shop.example:443");
    EXPECT_EQ(settings.call_time, std::chrono::seconds(7));
    EXPECT_EQ(read({}).settings.provider, PaymentSettings::Provider::simulated);
}

}  // namespace
}  // namespace orderflow
