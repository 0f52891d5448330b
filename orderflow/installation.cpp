#include "orderflow/installation.hpp"

#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "libs/base/durable_file.hpp"
#include "libs/base/safeguard.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow {
namespace {

// Says nothing about the secrets. Later tag keys are left out: the ring may grow.
std::string text_of(const crypto::Secrets& secrets) {
    const auto mac = crypto::HmacKey(secrets.id_secret).mac({"installation"});
    const auto tag = crypto::HmacKey(secrets.tag_keys.front()).mac({"installation"});
    return "installation=" + orders::Fingerprint{mac}.to_hex() + orders::Fingerprint{tag}.to_hex() + "\n";
}

}  // namespace

Result<void> Installation::check_parts() const {
    std::error_code unreadable;
    if (!std::filesystem::exists(seal_, unreadable) || !safeguard(Safeguard::installation_check)) return {};
    for (const auto& part : parts_) {
        if (std::filesystem::exists(part, unreadable)) continue;
        return fail(ErrorKind::internal, "installation.incomplete",
                    part.string() +
                        " is missing, and the other files of this installation are there. Put it back, or "
                        "restore the whole directory from a backup; a new one would lose acknowledged orders.");
    }
    return {};
}

Result<void> Installation::check_secrets(const crypto::Secrets& secrets) const {
    std::ifstream in(seal_);
    if (!in) return {};
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text == text_of(secrets)) return {};
    return fail(ErrorKind::internal, "installation.other_secrets",
                "The secrets beside " + seal_.string() +
                    " are not those of this installation. Restore the file from a "
                    "backup: with other secrets a repeated key would make another order.");
}

Result<void> Installation::seal(const crypto::Secrets& secrets) const {
    std::error_code unreadable;
    if (std::filesystem::exists(seal_, unreadable)) return {};
    return write_durably(seal_, text_of(secrets));
}

}  // namespace orderflow
