#include "programs/api_front.hpp"

#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "libs/async/spawner.hpp"
#include "libs/base/base64.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/crypto/webhook_keys.hpp"
#include "programs/settings.hpp"

namespace orderflow {
namespace {

// `api` and `done` outlive it: the caller waits.
task<void> drain_on_loop(api::ApiService& api, std::size_t loop, Instant until, std::promise<void>& done) {
    co_await api.drain_loop(loop, until);
    done.set_value();
}

// Made of what no one outside knows, so that a repeated request for an endpoint gets the secret it has.
api::WebhookSecret webhook_secret_with(const crypto::SecretBytes& id_secret) {
    const auto key = std::make_shared<const crypto::HmacKey>(std::span(id_secret));
    return [key](std::string_view command_id) {
        const auto secret = key->mac({"webhook secret\n", command_id});
        return "whsec_" + to_base64({reinterpret_cast<const char*>(secret.data()), secret.size()});
    };
}

// Empty without secrets.
Result<api::CheckSignature> check_with(const std::string& secrets) {
    if (secrets.empty()) return api::CheckSignature();
    auto keys = crypto::WebhookKeys::parse(secrets);
    if (!keys) return fail(std::move(keys).error());
    // Shared: a function object is copied, keys are not.
    return [keys = std::make_shared<const crypto::WebhookKeys>(*std::move(keys))](const api::SignedRequest& request,
                                                                                  WallTime now) {
        return keys->verify({.id = request.id, .timestamp = request.timestamp, .signature = request.signature},
                            request.body, now);
    };
}

// Of operators' sessions. The secret makes a token that a person chose useless to guess from a cookie; all instances
// have the same, or they would derive other ids.
api::Mac session_mac(const crypto::SecretBytes& secret) {
    return [root = std::make_shared<const crypto::HmacKey>(secret)](std::string_view key, std::string_view text) {
        return crypto::HmacKey(root->mac({"operator-session\n", key})).mac({text});
    };
}

}  // namespace

Result<OperatorToken> choose_operator_token(const std::optional<std::string>& configured,
                                            const net::ListenAddress& address, const std::filesystem::path& data_dir,
                                            Entropy& entropy) {
    if (configured || address.is_loopback()) return OperatorToken{configured};
    auto token = crypto::load_or_create_admin_token(data_dir / "admin-token", entropy);
    if (!token) return fail(std::move(token).error());
    return OperatorToken{std::move(token->text), token->created};
}

ApiFront::ApiFront(Parts parts, unsigned loops) : parts_(parts), loops_(parts.clock, loops, "api") {}

Result<void> ApiFront::start(Backing backing, const crypto::Secrets& secrets, const ApiKeyFile& keys,
                             const api::ApiConfig& config, const net::ListenAddress& address) {
    auto watch = ApiKeyWatch::start({parts_.clock, parts_.log}, keys);
    if (!watch) return fail(std::move(watch).error());
    keys_ = *std::move(watch);
    ids_ = std::make_unique<crypto::HmacOrderIds>(secrets.id_secret, secrets.tag_keys, parts_.entropy);
    std::vector<orders::LoopParts> loops;
    for (unsigned core = 0; core < loops_.cores(); ++core) {
        loops.push_back({loops_.executor(core), Spawner(loops_.loop(core)), parts_.clock});
    }
    auto check_callback = check_with(config.payment_secrets);
    if (!check_callback) return fail(std::move(check_callback).error());
    api_ = std::make_unique<api::ApiService>(api::ApiParts{backing.orders,
                                                           backing.commands,
                                                           backing.reader,
                                                           backing.operators,
                                                           backing.instances,
                                                           backing.endpoints,
                                                           backing.feed,
                                                           *ids_,
                                                           crypto::sha256,
                                                           session_mac(secrets.id_secret),
                                                           parts_.clock,
                                                           parts_.entropy,
                                                           parts_.metrics,
                                                           parts_.log,
                                                           std::move(loops),
                                                           webhook_secret_with(secrets.id_secret),
                                                           *std::move(check_callback),
                                                           [this] { return keys_->current(); },
                                                           std::move(backing.live_apis),
                                                           std::move(backing.forward_client_error)},
                                             config, parts_.tracer);
    server_ = std::make_unique<net::HttpServer>(
        net::HttpServer::Parts{loops_, parts_.clock, parts_.entropy, api_->router(), api_->observer()}, http_limits());
    if (auto listening = server_->listen(address); !listening) return listening;
    loops_.start();
    server_->start();
    api_->start();
    serving_ = true;
    return {};
}

ApiFront::~ApiFront() { stop({}, parts_.clock.now()); }

void ApiFront::stop(BootClock::duration requests, Instant deadline) {
    drain(requests, deadline);
    loops_.stop();
}

void ApiFront::drain(BootClock::duration requests, Instant deadline) {
    if (std::exchange(drained_, true) || !serving_) return;
    api_->begin_drain();
    server_->stop(requests);
    drain_loops(deadline);
}

void ApiFront::drain_loops(Instant until) {
    for (unsigned core = 0; core < loops_.cores(); ++core) {
        std::promise<void> done;
        loops_.spawn(drain_on_loop(*api_, core, until, done), core);
        done.get_future().wait();
    }
}

}  // namespace orderflow
