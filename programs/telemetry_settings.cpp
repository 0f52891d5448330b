#include "programs/telemetry_settings.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "libs/net/ascii.hpp"
#include "libs/net/percent.hpp"

namespace orderflow {
namespace {

constexpr auto endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
constexpr auto traces_endpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
constexpr std::int64_t answer_ms_default = 10'000;
constexpr std::int64_t answer_ms_max = 60'000;
constexpr std::size_t pairs_max = 64;

// The first of two names that is set: the one for traces wins over the one for all signals.
std::string_view chosen(const SettingsReader& settings, std::string_view for_traces, std::string_view for_all) {
    return settings.optional_text(for_traces) ? for_traces : for_all;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// No '+' stands for a blank here, unlike in a form: tokens hold it.
std::optional<std::string> decoded(std::string_view text) {
    std::string escaped;
    for (const char c : text) c == '+' ? escaped += "%2B" : escaped += c;
    auto value = net::decode_form(escaped);
    const bool printable = value && std::ranges::all_of(*value, [](char c) { return c >= ' ' && c != '\x7F'; });
    return printable ? value : std::nullopt;
}

// "key=value,key=value", values percent-encoded.
observe::ResourceAttributes read_pairs(SettingsReader& settings, std::string_view name) {
    observe::ResourceAttributes pairs;
    const auto text = settings.text(name, "");
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto entry = trimmed(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (entry.empty()) continue;
        const auto equals = entry.find('=');
        const auto key = trimmed(entry.substr(0, equals));
        const auto value = equals != std::string_view::npos ? decoded(trimmed(entry.substr(equals + 1))) : std::nullopt;
        if (key.empty() || !value || pairs.size() == pairs_max) {
            settings.refuse(name, "expected key=value pairs with commas between them, values percent-encoded");
            return {};
        }
        pairs.emplace_back(key, *value);
    }
    return pairs;
}

std::vector<net::AnswerField> read_fields(SettingsReader& settings) {
    constexpr auto for_traces = "OTEL_EXPORTER_OTLP_TRACES_HEADERS";
    constexpr auto for_all = "OTEL_EXPORTER_OTLP_HEADERS";
    std::vector<net::AnswerField> fields;
    for (auto& [name, value] : read_pairs(settings, chosen(settings, for_traces, for_all))) {
        fields.push_back({.name = std::move(name), .value = std::move(value)});
    }
    return fields;
}

double read_ratio(SettingsReader& settings) {
    constexpr auto name = "OTEL_TRACES_SAMPLER_ARG";
    const auto text = settings.text(name, "1");
    double ratio = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, ratio);
    if (read.ec == std::errc() && read.ptr == end && ratio >= 0 && ratio <= 1) return ratio;
    settings.refuse(name, "'" + text + "' is no number from 0 to 1");
    return 1;
}

observe::Sampler read_sampler(SettingsReader& settings) {
    constexpr auto name = "OTEL_TRACES_SAMPLER";
    constexpr std::string_view parent_based = "parentbased_";
    const auto text = settings.text(name, "parentbased_always_on");
    observe::Sampler sampler;
    std::string_view kind = text;
    sampler.parent_based = kind.starts_with(parent_based);
    if (sampler.parent_based) kind.remove_prefix(parent_based.size());
    if (kind == "always_off") {
        sampler.ratio = 0;
    } else if (kind == "traceidratio") {
        sampler.ratio = read_ratio(settings);
    } else if (kind != "always_on") {
        settings.refuse(name, "'" + text +
                                  "' is none of always_on, always_off, traceidratio, and these with "
                                  "parentbased_ before them");
    }
    return sampler;
}

// service.name of OTEL_SERVICE_NAME wins over one in OTEL_RESOURCE_ATTRIBUTES.
observe::ResourceAttributes read_resource(SettingsReader& settings, const std::string& service) {
    observe::ResourceAttributes resource{{"service.name", service}};
    const bool named = settings.optional_text("OTEL_SERVICE_NAME").has_value();
    for (auto& [key, value] : read_pairs(settings, "OTEL_RESOURCE_ATTRIBUTES")) {
        if (key != "service.name")
            resource.emplace_back(std::move(key), std::move(value));
        else if (!named)
            resource.front().second = std::move(value);
    }
    return resource;
}

bool is_switched_off(SettingsReader& settings) {
    const auto exporter = settings.text("OTEL_TRACES_EXPORTER", "otlp");
    if (exporter != "otlp" && exporter != "none") {
        settings.refuse("OTEL_TRACES_EXPORTER", "'" + exporter + "' is neither otlp nor none");
    }
    return exporter == "none" || settings.text("OTEL_SDK_DISABLED", "false") == "true";
}

void check_protocol(SettingsReader& settings) {
    const auto name = chosen(settings, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");
    const auto protocol = settings.text(name, "http/json");
    if (protocol != "http/json") settings.refuse(name, "'" + protocol + "' is not spoken here, http/json is");
}

// The region of "xray.eu-west-1.amazonaws.com"; empty for every other name.
std::string_view xray_region(std::string_view host) {
    constexpr std::string_view service = "xray.";
    constexpr std::string_view domain = ".amazonaws.com";
    if (!host.starts_with(service) || !host.ends_with(domain) || host.size() <= service.size() + domain.size()) {
        return {};
    }
    const auto region = host.substr(service.size(), host.size() - service.size() - domain.size());
    return region.contains('.') ? std::string_view() : region;
}

std::optional<TraceSigning> read_signing(SettingsReader& settings, const Environment& environment,
                                         const TraceSettings& traces) {
    constexpr auto name = "ORDERFLOW_OTLP_AUTH";
    std::string region(xray_region(traces.url.host));
    const auto wanted = settings.text(name, region.empty() ? "none" : "sigv4");
    if (wanted == "none") return std::nullopt;
    if (wanted != "sigv4") {
        settings.refuse(name, "'" + wanted + "' is neither sigv4 nor none");
        return std::nullopt;
    }
    if (region.empty()) region = settings.text("AWS_REGION", settings.text("AWS_DEFAULT_REGION", ""));
    if (region.empty()) settings.refuse(name, "sigv4 needs AWS_REGION, for this endpoint does not name its region");
    for (const auto& field : traces.fields) {
        if (net::iequals(field.name, "Authorization")) {
            settings.refuse(name, "sigv4 writes Authorization itself: take it out of OTEL_EXPORTER_OTLP_HEADERS");
        }
    }
    return TraceSigning{std::move(region), environment};
}

std::optional<TraceSettings> read_traces(SettingsReader& settings, const Environment& environment,
                                         const std::string& service) {
    const auto name = chosen(settings, traces_endpoint, endpoint);
    const auto text = settings.optional_text(name);
    if (!text || is_switched_off(settings)) return std::nullopt;
    check_protocol(settings);
    TraceSettings traces;
    auto url = net::Url::parse(*text);
    if (url) {
        traces.url = *std::move(url);
    } else {
        settings.refuse(name, "expected an http or https URL, e.g. http://127.0.0.1:4318");
    }
    if (name == endpoint) {
        while (traces.url.target.ends_with('/')) traces.url.target.pop_back();
        traces.url.target += "/v1/traces";
    }
    auto proxies = net::ProxySettings::from(environment);
    if (proxies) {
        traces.proxies = *std::move(proxies);
    } else {
        settings.refuse(name, "the proxy for it: " + proxies.error().detail());
    }
    traces.fields = read_fields(settings);
    traces.answer_time = std::chrono::milliseconds(
        settings.integer(chosen(settings, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"),
                         answer_ms_default, 1, answer_ms_max));
    traces.signing = read_signing(settings, environment, traces);
    traces.sampler = read_sampler(settings);
    traces.resource = read_resource(settings, service);
    return traces;
}

std::optional<std::chrono::seconds> read_emf(SettingsReader& settings) {
    constexpr std::chrono::seconds usual{60};
    constexpr std::chrono::seconds longest{3600};
    const auto every = settings.seconds("ORDERFLOW_METRICS_SECONDS", usual, std::chrono::seconds(1), longest);
    const auto form = settings.text("ORDERFLOW_METRICS", "prometheus");
    if (form == "emf") return every;
    if (form != "prometheus") settings.refuse("ORDERFLOW_METRICS", "'" + form + "' is neither prometheus nor emf");
    return std::nullopt;
}

}  // namespace

TelemetrySettings read_telemetry_settings(SettingsReader& settings, const Environment& environment,
                                          std::string_view program) {
    TelemetrySettings telemetry;
    telemetry.service = settings.text("OTEL_SERVICE_NAME", program);
    telemetry.traces = read_traces(settings, environment, telemetry.service);
    telemetry.emf_every = read_emf(settings);
    return telemetry;
}

std::string telemetry_help() {
    return "  OTEL_EXPORTER_OTLP_ENDPOINT  an OpenTelemetry collector (OTLP over HTTP, JSON): traces go there  []\n"
           "  OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and others (docs/runbook.md)\n"
           "  ORDERFLOW_OTLP_AUTH      sigv4 signs what goes there, as X-Ray's own endpoint wants it; none       "
           "[by its name]\n"
           "  ORDERFLOW_METRICS        prometheus (/metrics), or emf: also lines for CloudWatch on stdout "
           "[prometheus]\n"
           "  ORDERFLOW_METRICS_SECONDS  between two times of these lines, 1 to 3600        [60]\n";
}

}  // namespace orderflow
