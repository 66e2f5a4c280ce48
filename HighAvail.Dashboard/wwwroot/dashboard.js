// The server is gone, or it was restarted and knows this page no longer: load the page again as soon as it answers.
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

async function reloadWhenBack() {
    for (;;) {
        try {
            await fetch(location.href, { method: "HEAD", cache: "no-store" });
            location.reload();
            return;
        } catch {
            await new Promise(resolve => setTimeout(resolve, 1000));
        }
    }
}
