#include "libs/aws/sigv4_signer.hpp"

#include <algorithm>
#include <utility>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/aws_time.hpp"
#include "libs/aws/sigv4_signed_request.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/base/invariant.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {
namespace {

std::vector<std::string> names_of(std::span<const HeaderView> headers) {
    std::vector<std::string> names;
    names.reserve(headers.size());
    for (const auto& header : headers) {
        auto& name = names.emplace_back(header.name);
        std::ranges::transform(name, name.begin(), lower_case);
    }
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    ORDERFLOW_INVARIANT(std::ranges::binary_search(names, "host"));
    return names;
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=");
    append_escaped(query, value);
}

}  // namespace

Signer::Signer(std::string region, std::string service) : region_(std::move(region)), service_(std::move(service)) {}

CredentialScope Signer::scope_on(std::string_view amz_date) const {
    return {std::string(amz_date.substr(0, 8)), region_, service_};
}

Result<std::string> Signer::signature(const RequestView& request, std::span<const std::string> signed_headers,
                                      const Credentials& credentials, std::string_view amz_date) {
    auto canonical = canonical_request(request, signed_headers);
    if (!canonical) return fail(std::move(canonical).error());
    const auto scope = scope_on(amz_date);
    return crypto::to_hex(
        keys_.of(credentials.secret_access_key, scope).mac({string_to_sign(amz_date, scope, *canonical)}));
}

Result<HttpHeaders> Signer::headers(const RequestView& request, const Credentials& credentials, WallTime at) {
    HttpHeaders added = {{"X-Amz-Date", to_amz_date(at)}};
    if (!credentials.session_token.empty()) added.push_back({"X-Amz-Security-Token", credentials.session_token});
    std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
    for (const auto& header : added) headers.push_back({header.name, header.value});
    auto whole = request;
    whole.headers = headers;

    const auto names = names_of(headers);
    const auto amz_date = added.front().value;
    const auto signed_as = signature(whole, names, credentials, amz_date);
    if (!signed_as) return fail(signed_as.error());
    std::string authorization(sigv4_algorithm);
    authorization.append(" Credential=").append(credentials.access_key_id).append("/");
    authorization.append(scope_on(amz_date).text()).append(", SignedHeaders=").append(join_names(names));
    authorization.append(", Signature=").append(*signed_as);
    added.push_back({"Authorization", std::move(authorization)});
    return added;
}

Result<std::string> Signer::presigned_query(const RequestView& request, const Credentials& credentials, WallTime at,
                                            std::chrono::seconds expires) {
    ORDERFLOW_INVARIANT(expires >= presigned_time_min && expires <= presigned_time_max);
    const auto amz_date = to_amz_date(at);
    const auto names = names_of(request.headers);
    std::string query(request.query);
    append_parameter(query, "X-Amz-Algorithm", sigv4_algorithm);
    append_parameter(query, "X-Amz-Credential", credentials.access_key_id + "/" + scope_on(amz_date).text());
    append_parameter(query, "X-Amz-Date", amz_date);
    append_parameter(query, "X-Amz-Expires", std::to_string(expires.count()));
    if (!credentials.session_token.empty()) {
        append_parameter(query, "X-Amz-Security-Token", credentials.session_token);
    }
    append_parameter(query, "X-Amz-SignedHeaders", join_names(names));

    auto whole = request;
    whole.query = query;
    const auto signed_as = signature(whole, names, credentials, amz_date);
    if (!signed_as) return fail(signed_as.error());
    append_parameter(query, "X-Amz-Signature", *signed_as);
    return query;
}

}  // namespace orderflow::aws
