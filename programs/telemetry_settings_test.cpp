#include "programs/telemetry_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TelemetrySettings good(const Environment& environment) {
    SettingsReader reader(environment);
    auto settings = read_telemetry_settings(reader, environment, "api-service");
    EXPECT_THAT(reader.errors(), IsEmpty());
    return settings;
}

std::vector<std::string> errors(const Environment& environment) {
    SettingsReader reader(environment);
    (void)read_telemetry_settings(reader, environment, "api-service");
    return reader.errors();
}

TEST(TelemetrySettings, GivenNothing_ThenNothingIsSentOrWritten) {
    const auto settings = good({});

    EXPECT_FALSE(settings.traces);
    EXPECT_FALSE(settings.emf_every);
    EXPECT_EQ(settings.service, "api-service");
}

TEST(TelemetrySettings, GivenAnEndpoint_ThenTracesGoBelowIt_WithTheSpecificationsDefaults) {
    const auto traces = good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"}}).traces;

    ASSERT_TRUE(traces);
    EXPECT_EQ(traces->url.origin() + traces->url.target, "http://collector:4318/v1/traces");
    EXPECT_EQ(traces->answer_time, std::chrono::seconds(10));
    EXPECT_TRUE(traces->sampler.parent_based);
    EXPECT_EQ(traces->sampler.ratio, 1);
    EXPECT_THAT(traces->resource, ElementsAre(Pair("service.name", "api-service")));
}

TEST(TelemetrySettings, GivenTheNamesForTraces_ThenTheyWin_AndTheirAddressIsTakenAsItIs) {
    const auto traces = good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318"},
                              {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces.example/in"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "a=1"},
                              {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "Authorization=Basic%20YTpi+w== , x-tenant=shop"},
                              {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "500"}})
                            .traces;

    ASSERT_TRUE(traces);
    EXPECT_EQ(traces->url.origin() + traces->url.target, "https://traces.example:443/in");
    ASSERT_EQ(traces->fields.size(), 2U);
    EXPECT_EQ(traces->fields[0].name, "Authorization");
    EXPECT_EQ(traces->fields[0].value, "Basic YTpi+w==");
    EXPECT_EQ(traces->fields[1].value, "shop");
    EXPECT_EQ(traces->answer_time, std::chrono::milliseconds(500));
}

TEST(TelemetrySettings, GivenSamplersAndNames_ThenTheyAreRead) {
    const auto traces = good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"},
                              {"OTEL_TRACES_SAMPLER", "parentbased_traceidratio"},
                              {"OTEL_TRACES_SAMPLER_ARG", "0.05"},
                              {"OTEL_SERVICE_NAME", "shop"},
                              {"OTEL_RESOURCE_ATTRIBUTES", "service.name=other,deployment.environment.name=test"}})
                            .traces;

    ASSERT_TRUE(traces);
    EXPECT_TRUE(traces->sampler.parent_based);
    EXPECT_EQ(traces->sampler.ratio, 0.05);
    EXPECT_THAT(traces->resource,
                ElementsAre(Pair("service.name", "shop"), Pair("deployment.environment.name", "test")));
}

TEST(TelemetrySettings, GivenASwitchThatIsOff_ThenAnEndpointSendsNothing) {
    for (const auto& [name, value] :
         {std::pair{"OTEL_SDK_DISABLED", "true"}, std::pair{"OTEL_TRACES_EXPORTER", "none"}}) {
        EXPECT_FALSE(good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}, {name, value}}).traces) << name;
    }
}

TEST(TelemetrySettings, GivenWhatIsNotUnderstood_ThenEachIsNamed) {
    const Environment base{{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}};
    for (const auto& [name, value] :
         {std::pair{"OTEL_EXPORTER_OTLP_ENDPOINT", "c:4317"}, std::pair{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
          std::pair{"OTEL_EXPORTER_OTLP_HEADERS", "nothing"}, std::pair{"OTEL_EXPORTER_OTLP_HEADERS", "a=%0D%0Ab"},
          std::pair{"OTEL_EXPORTER_OTLP_TIMEOUT", "0"}, std::pair{"OTEL_TRACES_SAMPLER", "sometimes"},
          std::pair{"OTEL_TRACES_EXPORTER", "zipkin"}, std::pair{"ORDERFLOW_METRICS", "statsd"},
          std::pair{"ORDERFLOW_METRICS_SECONDS", "0"}}) {
        auto environment = base;
        environment[name] = value;
        EXPECT_THAT(errors(environment), Contains(HasSubstr(name))) << value;
    }
    auto ratio = base;
    ratio["OTEL_TRACES_SAMPLER"] = "traceidratio";
    ratio["OTEL_TRACES_SAMPLER_ARG"] = "1.5";
    EXPECT_THAT(errors(ratio), ElementsAre(HasSubstr("OTEL_TRACES_SAMPLER_ARG")));
}

TEST(TelemetrySettings, GivenXRaysEndpoint_ThenItIsSignedForItsRegion) {
    const auto traces = good({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://xray.eu-west-1.amazonaws.com/v1/traces"},
                              {"AWS_REGION", "us-east-1"},
                              {"AWS_PROFILE", "shop"}})
                            .traces;

    ASSERT_TRUE(traces && traces->signing);
    EXPECT_EQ(traces->signing->region, "eu-west-1") << "the endpoint's, whatever the rest of the program uses";
    EXPECT_THAT(traces->signing->environment, Contains(Pair("AWS_PROFILE", "shop")));
}

TEST(TelemetrySettings, GivenOtherEndpoints_ThenTheyAreSignedOnlyWhenItIsSaid) {
    for (const std::string host :
         {"collector", "xray.example.com", "xray.amazonaws.com", "a.xray.eu-west-1.amazonaws.com",
          "xray.a.b.amazonaws.com", "xray.eu-west-1.amazonaws.com.example"}) {
        const auto traces = good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://" + host}}).traces;
        EXPECT_FALSE(traces->signing) << host;
    }
    const auto said = good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"},
                            {"ORDERFLOW_OTLP_AUTH", "sigv4"},
                            {"AWS_DEFAULT_REGION", "eu-north-1"}})
                          .traces;
    EXPECT_EQ(said->signing->region, "eu-north-1");
    const auto off =
        good({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://xray.eu-west-1.amazonaws.com"}, {"ORDERFLOW_OTLP_AUTH", "none"}})
            .traces;
    EXPECT_FALSE(off->signing);
    EXPECT_EQ(off->url.target, "/v1/traces");
}

TEST(TelemetrySettings, GivenASignatureThatCannotBeMade_ThenItIsSaid) {
    const Environment base{{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}, {"ORDERFLOW_OTLP_AUTH", "sigv4"}};
    EXPECT_THAT(errors(base), ElementsAre(HasSubstr("AWS_REGION")));
    auto twice = base;
    twice["AWS_REGION"] = "eu-west-1";
    twice["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=Bearer%20x";
    EXPECT_THAT(errors(twice), ElementsAre(HasSubstr("Authorization")));
    auto unknown = base;
    unknown["ORDERFLOW_OTLP_AUTH"] = "basic";
    EXPECT_THAT(errors(unknown), ElementsAre(HasSubstr("'basic'")));
}

TEST(TelemetrySettings, GivenEmf_ThenItsTimeIsAMinuteOrWhatIsSaid) {
    EXPECT_EQ(good({{"ORDERFLOW_METRICS", "emf"}}).emf_every, std::chrono::seconds(60));
    EXPECT_EQ(good({{"ORDERFLOW_METRICS", "emf"}, {"ORDERFLOW_METRICS_SECONDS", "5"}}).emf_every,
              std::chrono::seconds(5));
}

}  // namespace
}  // namespace orderflow
