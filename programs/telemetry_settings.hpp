// TelemetrySettings: whether and where a program sends its traces, and whether it writes its metrics to stdout. Names
// and meaning of the OTEL_ variables: OpenTelemetry specification, "Environment Variable Specification" and "OTLP
// Exporter Configuration".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/settings.hpp"
#include "libs/net/answer_parser.hpp"
#include "libs/net/proxy_settings.hpp"
#include "libs/net/url.hpp"
#include "libs/observe/otlp_json.hpp"
#include "libs/observe/sampler.hpp"

namespace orderflow {

// Requests to the collector are signed, as AWS X-Ray's own endpoint wants it (service "xray").
struct TraceSigning {
    std::string region;
    Environment environment;  // where credentials are looked for
};

struct TraceSettings {
    net::Url url;  // OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or OTEL_EXPORTER_OTLP_ENDPOINT with /v1/traces behind it
    std::vector<net::AnswerField> fields;     // OTEL_EXPORTER_OTLP_(TRACES_)HEADERS
    std::chrono::milliseconds answer_time{};  // OTEL_EXPORTER_OTLP_(TRACES_)TIMEOUT
    observe::Sampler sampler;                 // OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG
    observe::ResourceAttributes resource;     // OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME
    net::ProxySettings proxies;
    std::optional<TraceSigning> signing;  // ORDERFLOW_OTLP_AUTH, or by the name of the endpoint
};

struct TelemetrySettings {
    std::string service;                            // OTEL_SERVICE_NAME, or the program's own
    std::optional<TraceSettings> traces;            // none without an endpoint
    std::optional<std::chrono::seconds> emf_every;  // ORDERFLOW_METRICS=emf, ORDERFLOW_METRICS_SECONDS
};

// `settings` reads `environment`. Notes every error.
TelemetrySettings read_telemetry_settings(SettingsReader& settings, const Environment& environment,
                                          std::string_view program);
std::string telemetry_help();

}  // namespace orderflow
