// What the browser does by itself: reconnecting, keys, copying, staying at the end.

const modal = document.getElementById("components-reconnect-modal");

modal.addEventListener("components-reconnect-state-changed", ({ detail }) => {
    if (detail.state === "show" && !modal.open) {
        modal.showModal();
    } else if (detail.state === "hide") {
        modal.close();
    } else if (detail.state === "failed" || detail.state === "rejected") {
        reloadWhenBack();
    }
});

// The server was restarted and knows this page no longer: load the page again as soon as it answers.
async function reloadWhenBack() {
    for (;;) {
        try {
            if ((await fetch("health", { cache: "no-store" })).ok) {
                location.reload();
                return;
            }
        } catch {
            // Not yet.
        }

        await new Promise(resolve => setTimeout(resolve, 500));
    }
}

const shortcuts = document.getElementById("shortcuts");
const pages = { r: "", c: "consolelogs", s: "structuredlogs", t: "traces", m: "metrics", a: "availability" };

document.addEventListener("keydown", event => {
    const target = event.composedPath()[0];
    const types = target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) {
        return;
    }

    if (event.key === "Escape" && !types && !document.querySelector(":popover-open")) {
        document.querySelector("[data-close]")?.click();
    } else if (types) {
        return;
    } else if (event.key === "?") {
        shortcuts.showModal();
    } else if (event.key === "/") {
        document.querySelector("[data-search]")?.focus();
        event.preventDefault();
    } else if (event.key in pages) {
        document.querySelector(`.shell-navigation a[href="${pages[event.key]}"]`)?.click();
    }
});

// Menus, as people with a keyboard know them: the first item when they open, arrows from one to the next. Escape closes them by itself.
document.addEventListener("toggle", event => {
    if (event.newState === "open" && event.target.matches("[role=menu]")) {
        items(event.target)[0]?.focus();
    }
}, true);
document.addEventListener("keydown", event => {
    const menu = event.target.closest?.("[role=menu]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (menu && step) {
        const all = items(menu);
        all[(all.indexOf(event.target) + step + all.length) % all.length]?.focus();
        event.preventDefault();
    }
});

function items(menu) {
    return [...menu.querySelectorAll("[role=menuitem]:not(:disabled)")];
}

document.addEventListener("click", async event => {
    event.target.closest?.("a[role=menuitem]")?.closest(":popover-open")?.hidePopover();
    const button = event.target.closest?.("[data-copy]");
    if (button) {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.classList.add("copied");
        setTimeout(() => button.classList.remove("copied"), 1000);
    } else if (event.target.closest?.("[data-shortcuts]")) {
        shortcuts.showModal();
    }
});

// What is at its end stays there while it grows; whoever scrolls up is left alone, also when lines at the beginning are dropped.
const following = new WeakMap();
const lineHeight = 20;

function follow(element) {
    if (following.has(element)) {
        return;
    }

    const state = { atEnd: true, top: 0, dropped: Number(element.dataset.dropped) };
    following.set(element, state);
    element.addEventListener("scroll", () => {
        state.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 30;
        state.top = element.scrollTop;
    });
    new MutationObserver(() => {
        const dropped = Number(element.dataset.dropped);
        // Whoever has scrolled up may be met before the event that tells of it.
        if (state.atEnd && element.scrollTop >= Math.min(state.top, element.scrollHeight - element.clientHeight) - 1) {
            element.scrollTop = element.scrollHeight;
            state.top = element.scrollTop;
        } else if (dropped > state.dropped) {
            element.scrollTop -= (dropped - state.dropped) * lineHeight;
        }

        state.dropped = dropped;
    }).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["style", "data-dropped"] });
}

new MutationObserver(() => document.querySelectorAll("[data-follow]").forEach(follow)).observe(document.body, { childList: true, subtree: true });
document.querySelectorAll("[data-follow]").forEach(follow);
