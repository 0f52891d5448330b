#include "libs/aws/sigv4.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {
namespace {

// RFC 3986, section 5.2.4, and repeated slashes are one.
std::string canonical_path(std::string_view path) {
    std::vector<std::string_view> segments;
    for (auto rest = path; !rest.empty();) {
        const auto segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
        if (segment.empty() || segment == ".") continue;
        if (segment != "..") {
            segments.push_back(segment);
        } else if (!segments.empty()) {
            segments.pop_back();
        }
    }
    std::string out;
    for (const auto segment : segments) {
        out += '/';
        append_escaped(out, segment);
    }
    if (segments.empty() || path.ends_with('/')) out += '/';
    return out;
}

std::unexpected<Error> incomplete(std::string detail) {
    return fail(ErrorKind::invalid_input, "signature.incomplete", std::move(detail));
}

using Parameter = std::pair<std::string, std::string>;  // name and value, escaped

Result<std::vector<Parameter>> canonical_parameters(std::string_view query) {
    std::vector<Parameter> parameters;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        const auto name = unescaped(pair.substr(0, equals));
        const auto value = unescaped(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return incomplete("An escape in the query string is broken.");
        if (*name == "X-Amz-Signature") continue;
        if (parameters.size() == SigV4Limits::query_parameters) return incomplete("The query has too many parameters.");
        parameters.emplace_back(escaped(*name), escaped(*value));
    }
    std::ranges::sort(parameters);
    return parameters;
}

// Without blanks at the ends, runs of blanks inside as one.
void append_trimmed(std::string& out, std::string_view value) {
    const auto begin = out.size();
    bool blank = false;
    for (const char c : value) {
        if (c == ' ' || c == '\t') {
            blank = true;
            continue;
        }
        if (blank && out.size() > begin) out += ' ';
        blank = false;
        out += c;
    }
}

// False when no header has the name.
bool append_header(std::string& out, std::span<const HeaderView> headers, std::string_view lower_name) {
    bool found = false;
    for (const auto& header : headers) {
        if (!equal_names(header.name, lower_name)) continue;
        if (found) {
            out += ',';
        } else {
            out.append(lower_name).append(":");
        }
        found = true;
        append_trimmed(out, header.value);
    }
    out += '\n';
    return found;
}

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

std::string CredentialScope::text() const {
    std::string out;
    out.append(date).append("/").append(region).append("/").append(service).append("/").append(sigv4_terminator);
    return out;
}

Result<void> check_limits(const RequestView& request) {
    if (request.path.size() > SigV4Limits::path_bytes) return incomplete("The path is too long.");
    if (request.query.size() > SigV4Limits::query_bytes) return incomplete("The query string is too long.");
    if (request.headers.size() > SigV4Limits::headers) return incomplete("There are too many headers.");
    std::size_t header_bytes = 0;
    for (const auto& header : request.headers) header_bytes += header.name.size() + header.value.size();
    if (header_bytes > SigV4Limits::header_bytes) return incomplete("The headers are too long.");
    return {};
}

Result<std::string> canonical_request(const RequestView& request, std::span<const std::string> signed_headers) {
    if (auto within = check_limits(request); !within) return fail(std::move(within).error());
    auto parameters = canonical_parameters(request.query);
    if (!parameters) return fail(std::move(parameters).error());

    std::string out;
    out.append(request.method).append("\n").append(canonical_path(request.path)).append("\n");
    bool first = true;
    for (const auto& [name, value] : *parameters) {
        if (!std::exchange(first, false)) out += '&';
        out.append(name).append("=").append(value);
    }
    out += '\n';
    for (const auto& name : signed_headers) {
        if (append_header(out, request.headers, name)) continue;
        return fail(ErrorKind::unauthorized, "signature.mismatch", "The request lacks a header that was signed.");
    }
    out.append("\n").append(join_names(signed_headers)).append("\n").append(request.payload_sha256);
    return out;
}

std::string string_to_sign(std::string_view amz_date, const CredentialScope& scope, std::string_view canonical) {
    std::string out(sigv4_algorithm);
    out.append("\n").append(amz_date).append("\n").append(scope.text()).append("\n");
    out.append(crypto::to_hex(crypto::sha256(canonical)));
    return out;
}

crypto::Sha256 derive_signing_key(std::string_view secret_access_key, const CredentialScope& scope) {
    auto key = crypto::HmacKey(bytes("AWS4" + std::string(secret_access_key))).mac({scope.date});
    for (const std::string_view part :
         {std::string_view(scope.region), std::string_view(scope.service), sigv4_terminator}) {
        key = crypto::HmacKey(key).mac({part});
    }
    return key;
}

std::string join_names(std::span<const std::string> signed_headers) {
    std::string out;
    for (const auto& name : signed_headers) {
        if (!out.empty()) out += ';';
        out += name;
    }
    return out;
}

const crypto::HmacKey& SigningKeys::of(std::string_view secret_access_key, const CredentialScope& scope) {
    if (!key_ || secret_ != secret_access_key || scope_ != scope) {
        key_.emplace(derive_signing_key(secret_access_key, scope));
        secret_ = secret_access_key;
        scope_ = scope;
    }
    return *key_;
}

}  // namespace orderflow::aws
