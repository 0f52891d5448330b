#include "programs/span_signer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "libs/crypto/digest.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/net/ascii.hpp"

namespace orderflow {

Result<void> sign_request(net::ClientRequest& request, aws::Signer& signer, const aws::Credentials& credentials,
                          WallTime at) {
    const auto host = request.url.authority();
    std::vector<aws::HeaderView> to_sign{{.name = "Host", .value = host}};
    for (const auto& field : request.fields) {
        if (!net::iequals(field.name, "User-Agent")) to_sign.push_back({.name = field.name, .value = field.value});
    }
    const auto digest = crypto::to_hex(crypto::sha256(request.body));
    const std::string_view target = request.url.target;
    const auto query_at = std::min(target.find('?'), target.size());
    const aws::RequestView view{.method = request.method,
                                .path = target.substr(0, query_at),
                                .query = target.substr(std::min(query_at + 1, target.size())),
                                .headers = to_sign,
                                .payload_sha256 = digest};
    auto signature = signer.headers(view, credentials, at);
    if (!signature) return fail(std::move(signature).error());
    for (auto& header : *signature) request.fields.push_back({std::move(header.name), std::move(header.value)});
    return {};
}

Result<std::unique_ptr<SpanSigner>> SpanSigner::open(Parts parts, const TraceSigning& signing) {
    std::unique_ptr<SpanSigner> made(new SpanSigner(parts, signing));
    auto identity = AwsIdentity::open({parts.loop, parts.clock, parts.entropy, parts.log, made->environment_});
    if (!identity) return fail(std::move(identity).error());
    made->identity_ = *std::move(identity);
    return made;
}

SpanSigner::SpanSigner(Parts parts, const TraceSigning& signing)
    : parts_(parts), environment_(signing.environment), signer_(signing.region, "xray") {}

task<Result<void>> SpanSigner::sign(net::ClientRequest& request, Instant deadline) {
    const auto credentials = co_await identity_->credentials(deadline);
    if (!credentials) co_return fail(credentials.error());
    co_return sign_request(request, signer_, *credentials, parts_.clock.wall());
}

std::string SpanSigner::ca_bundle() const {
    const auto found = environment_.find("AWS_CA_BUNDLE");
    return found == environment_.end() ? std::string() : found->second;
}

}  // namespace orderflow
