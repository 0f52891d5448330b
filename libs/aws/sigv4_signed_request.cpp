#include "libs/aws/sigv4_signed_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/aws_time.hpp"
#include "libs/aws/uri_escape.hpp"

namespace orderflow::aws {
namespace {

std::unexpected<Error> incomplete(std::string detail) {
    return fail(ErrorKind::invalid_input, "signature.incomplete", std::move(detail));
}

// The next piece of `rest` up to `separator`, which is dropped.
std::string_view cut(std::string_view& rest, char separator) {
    const auto piece = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    return piece;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

constexpr bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// What may stand in an ARN between two colons.
bool is_scope_word(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max &&
           std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

bool is_access_key_id(std::string_view text) {
    return !text.empty() && text.size() <= SignatureLimits::access_key_id &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

bool is_header_name(std::string_view name) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (is_alphanumeric(c) && lower_case(c) == c) || others.contains(c);
    });
}

// A header that may be there once. `times` tells how often it is.
struct Single {
    std::string_view value;
    std::size_t times = 0;
};
Single single_header(std::span<const HeaderView> headers, std::string_view name) {
    Single found;
    for (const auto& header : headers) {
        if (!equal_names(header.name, name)) continue;
        found.value = header.value;
        ++found.times;
    }
    return found;
}

// The parts of a signature as texts, wherever they were found.
struct Parts {
    std::optional<std::string> algorithm;
    std::optional<std::string> credential;
    std::optional<std::string> signed_headers;
    std::optional<std::string> signature;
    std::optional<std::string> date;
    std::optional<std::string> expires;
    std::optional<std::string> security_token;
};

struct PartName {
    std::string_view in_query;
    std::optional<std::string> Parts::* part;
};
constexpr auto query_names = std::to_array<PartName>({{"X-Amz-Algorithm", &Parts::algorithm},
                                                      {"X-Amz-Credential", &Parts::credential},
                                                      {"X-Amz-SignedHeaders", &Parts::signed_headers},
                                                      {"X-Amz-Signature", &Parts::signature},
                                                      {"X-Amz-Date", &Parts::date},
                                                      {"X-Amz-Expires", &Parts::expires},
                                                      {"X-Amz-Security-Token", &Parts::security_token}});

Result<Parts> parts_of_query(std::string_view query) {
    Parts parts;
    while (!query.empty()) {
        auto value = cut(query, '&');
        const auto name = unescaped(cut(value, '='));
        if (!name) return incomplete("An escape in the query string is broken.");
        const auto* const known = std::ranges::find(query_names, *name, &PartName::in_query);
        if (known == query_names.end()) continue;
        auto& part = parts.*(known->part);
        if (part) return incomplete("The query string has '" + *name + "' more than once.");
        part = unescaped(value);
        if (!part) return incomplete("An escape in the query string is broken.");
    }
    return parts;
}

bool is_presigned(const Parts& parts) {
    return parts.algorithm || parts.credential || parts.signed_headers || parts.signature;
}

Result<Parts> parts_of_authorization(std::string_view text) {
    if (text.size() > SignatureLimits::authorization) return incomplete("The Authorization header is too long.");
    Parts parts;
    auto rest = trimmed(text);
    parts.algorithm = std::string(cut(rest, ' '));
    if (*parts.algorithm != sigv4_algorithm) return incomplete("The Authorization header is not of AWS4-HMAC-SHA256.");
    while (!rest.empty()) {
        auto value = trimmed(cut(rest, ','));
        const auto name = cut(value, '=');
        auto* const part = name == "Credential"      ? &parts.credential
                           : name == "SignedHeaders" ? &parts.signed_headers
                           : name == "Signature"     ? &parts.signature
                                                     : nullptr;
        if (part == nullptr) return incomplete("The Authorization header has a part that is not known.");
        if (*part) return incomplete("The Authorization header has '" + std::string(name) + "' more than once.");
        *part = std::string(value);
    }
    return parts;
}

Result<Parts> parts_of_headers(const RequestView& request, std::string_view authorization) {
    auto parts = parts_of_authorization(authorization);
    if (!parts) return parts;
    const auto date = single_header(request.headers, "X-Amz-Date");
    if (date.times != 1) return incomplete("Authorization header requires existence of one 'X-Amz-Date' header.");
    parts->date = std::string(date.value);
    const auto token = single_header(request.headers, "X-Amz-Security-Token");
    if (token.times > 1) return incomplete("The request has more than one 'X-Amz-Security-Token' header.");
    if (token.times == 1) parts->security_token = std::string(token.value);
    return parts;
}

Result<Parts> parts_of(const RequestView& request) {
    auto in_query = parts_of_query(request.query);
    if (!in_query) return in_query;
    const bool presigned = is_presigned(*in_query);
    const auto authorization = single_header(request.headers, "Authorization");
    if (authorization.times + (presigned ? 1U : 0U) > 1) return incomplete("The request is signed more than once.");
    if (presigned) return in_query;
    if (authorization.times == 1) return parts_of_headers(request, authorization.value);
    return fail(ErrorKind::unauthorized, "signature.missing", "Request is missing Authentication Token.");
}

Result<std::vector<std::string>> parse_signed_headers(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const auto name = cut(text, ';');
        if (names.size() == SigV4Limits::signed_headers) return incomplete("'SignedHeaders' names too many headers.");
        if (!is_header_name(name)) return incomplete("'SignedHeaders' is not a list of names in lower case.");
        if (!names.empty() && names.back() >= name) return incomplete("'SignedHeaders' is not sorted.");
        names.emplace_back(name);
    }
    if (!std::ranges::binary_search(names, "host")) return incomplete("'Host' must be a signed header.");
    return names;
}

// What starts with X-Amz- decides what is done, and so may not be changed on the way.
bool leaves_out_what_counts(const RequestView& request, const std::vector<std::string>& signed_headers) {
    constexpr std::string_view prefix = "x-amz-";
    return std::ranges::any_of(request.headers, [&](const HeaderView& header) {
        return equal_names(header.name.substr(0, prefix.size()), prefix) &&
               std::ranges::none_of(signed_headers, [&](auto& name) { return equal_names(header.name, name); });
    });
}

Result<std::chrono::seconds> parse_expires(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::chrono::seconds expires(value);
    if (error != std::errc() || end != text.data() + text.size() || expires < presigned_time_min ||
        expires > presigned_time_max) {
        return incomplete("'X-Amz-Expires' must be a number of seconds from 1 to 604800.");
    }
    return expires;
}

Result<void> check_presence(const Parts& parts, bool presigned) {
    if (!parts.credential) return incomplete("Authorization requires 'Credential' parameter.");
    if (!parts.signature) return incomplete("Authorization requires 'Signature' parameter.");
    if (!parts.signed_headers) return incomplete("Authorization requires 'SignedHeaders' parameter.");
    if (!parts.date) return incomplete("Authorization requires 'X-Amz-Date' parameter.");
    if (parts.algorithm != sigv4_algorithm) return incomplete("'X-Amz-Algorithm' must be AWS4-HMAC-SHA256.");
    if (presigned && !parts.expires) return incomplete("Authorization requires 'X-Amz-Expires' parameter.");
    if (parts.signature->size() > SignatureLimits::signature) return incomplete("'Signature' is too long.");
    if (parts.security_token && parts.security_token->size() > SignatureLimits::security_token) {
        return incomplete("'X-Amz-Security-Token' is too long.");
    }
    return {};
}

Result<SignedRequest> read_parts(const RequestView& request, Parts parts, bool presigned) {
    if (auto present = check_presence(parts, presigned); !present) return fail(std::move(present).error());
    SignedRequest read;
    auto credential = parse_credential(*parts.credential);
    if (!credential) {
        return incomplete("Credential must have 5 slash-delimited elements: KEY/YYYYMMDD/REGION/SERVICE/aws4_request.");
    }
    read.credential = *std::move(credential);
    auto names = parse_signed_headers(*parts.signed_headers);
    if (!names) return fail(std::move(names).error());
    read.signed_headers = *std::move(names);
    if (leaves_out_what_counts(request, read.signed_headers)) {
        return incomplete("Every header whose name begins with 'X-Amz-' must be signed.");
    }
    const auto signed_at = parse_amz_date(*parts.date);
    if (!signed_at) return incomplete("'X-Amz-Date' must have the form YYYYMMDDTHHMMSSZ.");
    read.signed_at = *signed_at;
    read.amz_date = *std::move(parts.date);
    if (presigned) {
        const auto expires = parse_expires(*parts.expires);
        if (!expires) return fail(expires.error());
        read.expires = *expires;
    }
    read.signature = *std::move(parts.signature);
    if (parts.security_token) read.security_token = *std::move(parts.security_token);
    return read;
}

}  // namespace

std::optional<ClaimedCredential> parse_credential(std::string_view text) {
    std::array<std::string_view, 5> words;
    for (auto& word : words) word = cut(text, '/');
    const auto& [key, date, region, service, terminator] = words;
    if (!text.empty() || terminator != sigv4_terminator || !is_access_key_id(key)) return std::nullopt;
    if (!is_scope_word(region, SignatureLimits::region) || !is_scope_word(service, SignatureLimits::service)) {
        return std::nullopt;
    }
    if (date.size() != 8 || !parse_amz_date(std::string(date) + "T000000Z")) return std::nullopt;
    return ClaimedCredential{std::string(key), {std::string(date), std::string(region), std::string(service)}};
}

Result<SignedRequest> read_signature(const RequestView& request) {
    if (auto within = check_limits(request); !within) return fail(std::move(within).error());
    auto parts = parts_of(request);
    if (!parts) return fail(std::move(parts).error());
    const bool presigned = single_header(request.headers, "Authorization").times == 0;
    return read_parts(request, *std::move(parts), presigned);
}

std::optional<ClaimedCredential> claimed_credential(const RequestView& request) {
    if (!check_limits(request)) return std::nullopt;
    auto authorization = single_header(request.headers, "Authorization").value;
    if (authorization.size() > SignatureLimits::authorization) return std::nullopt;
    constexpr std::string_view label = "Credential=";
    if (const auto at = authorization.find(label); at != std::string_view::npos) {
        authorization.remove_prefix(at + label.size());
        return parse_credential(authorization.substr(0, authorization.find_first_of(", ")));
    }
    for (auto query = request.query; !query.empty();) {
        auto value = cut(query, '&');
        if (unescaped(cut(value, '=')) != "X-Amz-Credential") continue;
        return parse_credential(unescaped(value).value_or(""));
    }
    return std::nullopt;
}

}  // namespace orderflow::aws
