// policy/presets.hpp: the named policies, as differences from `balanced` (whose values are the settings' defaults).
//
// Source: SPEC 3.11. The cited presets bear the name of the practice their widths come from.
#pragma once

#include <array>
#include <string_view>

namespace anonlog {

struct preset {
  std::string_view name;
  std::string_view purpose;
  std::string_view changes;          // "key=value" joined by blanks
  std::string_view missing = "";     // what is not in this version; such a preset answers with an error
};

inline constexpr std::array presets = {
    preset{"balanced", "day-to-day operation", ""},
    preset{"strict", "keep for ever, publish inside",
           "ip.v4=16 ip.v6=32 ip.port=drop user.mode=drop email.mode=drop session.mode=drop agent.level=family "
           "referrer.level=drop path.level=dir1 query.level=drop bytes.digits=1 duration.digits=1 vhost.mode=drop "
           "signals.dnt=ignore signals.gpc=ignore time.unreadable=reject"},
    preset{"analytics", "visits, length of stay, content", "", "the visitor token"},
    preset{"share", "third party under contract", "", "reordering inside a time step"},
    preset{"security", "incident response, legal hold",
           "ip.mode=ula ip.token_v6_bits=64 ip.host=token ip.port=keep cookie.level=session time.grid=1 "
           "agent.level=full query.level=hash signals.dnt=ignore signals.gpc=ignore token.keyring=required"},
    preset{"google", "the widths of Google Analytics", "ip.v4=24 ip.v6=48"},
    preset{"cnil", "the widths of French guidance", "ip.v4=16 ip.v6=48"},
    preset{"german", "the widths of German practice", "ip.v4=16 ip.v6=32"},
    preset{"tor", "the log sanitiser of the Tor project",
           "ip.mode=drop ip.port=drop user.mode=drop email.mode=drop session.mode=drop agent.level=drop referrer.level=drop "
           "time.grid=86400 query.level=drop"},
};

constexpr const preset* find_preset(std::string_view name) noexcept {
  for (const preset& entry : presets)
    if (entry.name == name) return &entry;
  return nullptr;
}

}  // namespace anonlog
